// The flags that every command takes: how to talk, never what to do. One list for both parsers, the
// help and the completion.

/** A flag of every command. */
export type GlobalFlag = {
  /** Without dashes; a leading `no-` switches something off that is on by default. */
  name: string
  /** What stands after it; absent: nothing does. */
  value?: string
  choices?: string[]
  description: string
}

/** The flags of every command, in the order of the help. */
export const globalFlags: GlobalFlag[] = [
  { name: 'json', description: 'Print JSON, also on a terminal' },
  {
    name: 'output',
    value: 'FORMAT',
    choices: ['json', 'text'],
    description: 'json or text; text on a terminal and json elsewhere when absent',
  },
  { name: 'no-color', description: 'No colours' },
  { name: 'yes', description: 'Confirm what destroys' },
  { name: 'no-interactive', description: 'Never ask; what destroys then needs --yes' },
  {
    name: 'home',
    value: 'DIR',
    description: 'The home of the daemon; DISPATCH_HOME or ~/.dispatch when absent',
  },
]

/** The flags of every command as they were given. */
export type Globals = {
  json?: true
  output?: 'json' | 'text'
  color?: false
  yes?: true
  interactive?: false
  home?: string
}

/** Names that a field may not have. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...globalFlags.map((flag) => flag.name.replace(/^no-/, '')),
  'follow',
  'help',
  'version',
])
