// What a procedure says of itself beyond its schemas. Common words at the top, a surface's own in a
// sub-key. The walk copies it into the manifest.

/** A column of a terminal table. */
export type Column = {
  /** A path into the row. */
  field: string
  title: string
  /** Paths to booleans whose names are put behind the value where they are true (`idle, held`), and to texts that are put there where there is one. */
  marks?: readonly string[]
  /** A path to pairs of places in the value, start and end in UTF-16 units, that stand out on a screen with colours. */
  bright?: string
  /** What people type on: never cut; where the terminal is too narrow, later columns go. */
  whole?: true
  /** Where the terminal is too narrow, it goes before later columns do. */
  minor?: true
}

/** A table of the array at `rows`; `empty` is said when there is none. */
export type TableView = { kind: 'table'; rows: string; columns: Column[]; empty: string }

/** How a terminal shows an answer; JSON output never looks at it. */
export type View =
  /** Name and value, a line a field, nested ones indented. */
  | { kind: 'fields' }
  | TableView
  /** A transcript: the array at `rows` of items. */
  | { kind: 'items'; rows: string }
  /** One line an event. */
  | { kind: 'events' }
  /** One line a transcript item, as it comes. */
  | { kind: 'item' }
  /** One line from a template with `{field}` holes; `message` is a field that is printed alone when it is set, `instead` a table that is when its rows are. */
  | { kind: 'line'; template: string; message?: string; instead?: TableView }
  /** The text in that field, verbatim, on every kind of output. */
  | { kind: 'raw'; field: string }
  /** Log records, a line each; `rows` names the array, absent for a stream of them. */
  | { kind: 'log'; rows?: string }
  /** A line from a template, then a line for each of the array at `rows`: `[status] name: summary`, its detail and what to do next below it. */
  | { kind: 'findings'; template: string; rows: string }

/** Words for the CLI alone. */
export type CliMeta = {
  /** What its exit status says, as a sentence after the description. */
  exits?: string
  /** Command lines that work as they stand. */
  examples: string[]
  view: View
  /** The command takes `--text`, short for `--output text`. */
  textSwitch?: true
}

/** Words for MCP alone. */
export type McpMeta = {
  /** Whether it is a tool; as a rule what the daemon serves is one, and what the surface carries out itself is none. */
  tool?: boolean
  /** The group of tools that it stands in; as a rule the first word of its path, `thread` where that is its only one. */
  group?: string
  /** What can be read by address, too. */
  resource?: {
    /** Title of the resource. */
    title: string
    /** Addresses; `{field}` is a field of the input. */
    uris: string[]
    /** After what it may be another one: beginnings of types of events, and of paths of ops. */
    changes: string[]
  }
}

/** Words for the tools of agents inside of lanes alone. */
export type LaneToolMeta = {
  /** Every lane has it; else only where `[lane_tools] ops` names it. */
  usual?: true
  /**
   * What bounds it. `reads`: nothing more. `waits`: for how long, and never for itself. `sends`: messages a
   * minute. `makes`: depth and number of lanes. `own`: only lanes that the caller made.
   */
  bound: 'reads' | 'waits' | 'sends' | 'makes' | 'own'
  /** The fields of the input that an agent may give: one that is added to the op is none of them. */
  fields: readonly string[]
  /** What is different for an agent, after the description. */
  note?: string
}

/** What a procedure says of itself. */
export type OpMeta = {
  /** One or more sentences, the first of them alone in lists. */
  description: string
  intent: 'read' | 'write' | 'destroy'
  /** `daemon` (default): served over the socket. `local`: carried out by the surface itself. */
  runs?: 'daemon' | 'local'
  /** Whether a surface starts the daemon for it; default true for daemon ops. */
  autostart?: boolean
  /** On a subscription: the query that it is the `--follow` of. */
  follows?: string
  /** The same command with that flag: `list --unmanaged` beside `list`. Where it has a field of that name, such as the `to` of `send --to LANE`, giving that one is the flag. */
  variantOf?: { op: string; flag: string }
  /** On an op that destroys, or does with `force`: the hidden query, with the same input, that says whether it does and what is lost (`destroys`, `losses`). */
  plannedBy?: string
  /** The answer carries `error`: it is printed even when it is bad and sets the exit status. */
  verdict?: boolean
  /** The turn that it begins ends with the call: a caller who cancels stops it. */
  ownsTurn?: boolean
  /** A hidden query, the only one, that says by the id of a call (`callId`) what came of it: asked when a caller breaks one off. */
  tracesCalls?: boolean
  /** Not a command and no tool: for the surfaces' own use. */
  hidden?: boolean
  cliMeta: CliMeta
  mcp?: McpMeta
  /** What an agent inside of a lane may be offered; absent: never. */
  laneTool?: LaneToolMeta
}

/** What a field says of itself, through `.meta()` of its schema. */
export type FieldMeta = {
  /** The CLI takes it by position, in the order of the schema. */
  positional?: boolean
  /** The CLI's name of the flag where it differs from the field's: units are in the field's name, not in the flag's. */
  flag?: string
  /** One-letter alias of the flag. */
  alias?: string
  /** A further flag that reads this field from a file, or from stdin with `-`. */
  fileFlag?: string
  /** A path: surfaces make it absolute against the caller's directory. */
  path?: boolean
  /** A record that the CLI takes as repeated KEY=VALUE. */
  pairs?: boolean
  /** Any JSON: the CLI takes it as JSON text. */
  json?: boolean
  /** The CLI has `--no-x` beside `--x`. */
  negatable?: boolean
  /** Values of an enum that the CLI also takes as switches of their own: `--steer` beside `--mode steer`. */
  switches?: readonly string[]
  /** What the CLI gives on a terminal, for a person to read, where the field is absent. */
  onTerminal?: string
  /** A lane selector: completion offers lanes. */
  selector?: boolean
  /** The field, a boolean, without which it has no effect: surfaces refuse it alone. */
  needs?: string
}
