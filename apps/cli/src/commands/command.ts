// A command as data: what the argv parsers, the help, the completion and the execution read. Made
// from the manifest by fold.ts, stored as JSON by the generator, and from then on the only truth.
import type { ManifestOp, View } from '@dispatch/contract/manifest'

/** How a field is written on the command line. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'list' | 'pairs'

/** One input of a command. Absent means no, so that the stored tables stay small. */
export type Field = {
  /** The field of the op's input. */
  key: string
  /** The flag without its dashes, or the name of the positional. */
  name: string
  kind: FieldKind
  description: string
  positional?: true
  /** Required in the plain form. */
  required?: true
  /** Required with --follow. */
  requiredToFollow?: true
  /** Required in the variant. */
  requiredInVariant?: true
  /** Which form takes it; absent: both. */
  form?: 'plain' | 'follow'
  /** One letter. */
  short?: string
  choices?: string[]
  /** Those that the variant takes, where they are not the same. */
  choicesInVariant?: string[]
  /** Choices that are switches, too; each is a field of its own beside this one. */
  switches?: string[]
  negatable?: true
  /** The flag that reads the field from a file or from stdin. */
  file?: string
  path?: true
  /** The text is JSON, whatever value it stands for. */
  json?: true
  selector?: true
  /** Given on a terminal where nothing is typed. */
  onTerminal?: string
  integer?: true
  minimum?: number
  maximum?: number
  maxLength?: number
  /** A switch: given, it says this value of the field with the same key. */
  says?: string
  /** No input of the op: it says how to print, see switches.ts. */
  presents?: true
  /** No input of the op: with it the command calls its variant. */
  chooses?: true
  /** Only the variant takes it: the flag of the variant. */
  onlyWith?: string
  /** The variant does not take it: the flag of the variant. */
  notWith?: string
  /** The flag without which it has no effect. */
  needs?: string
}

/** What an invocation of a command calls. */
export type Form = {
  /** Path of the op. */
  op: string
  kind: ManifestOp['kind']
  intent: ManifestOp['meta']['intent']
  runs: 'daemon' | 'local'
  autostart: boolean
  verdict: boolean
  view: View
  /** Of an op that destroys: the query that says whether it does and what is lost. */
  plannedBy?: string
  /** A caller who cancels stops the turn that it begins. */
  ownsTurn?: true
  /** Of a call to the daemon that may write: the query that says by its id what came of it. */
  tracedBy?: string
}

/** A command: an op, and the subscription that follows it or its variant where there is one. */
export type Command = {
  words: string[]
  description: string
  examples: string[]
  fields: Field[]
  plain: Form
  follow?: Form & { description: string }
  /** What it calls with `--flag`. */
  variant?: Form & { flag: string; description: string }
}

/** The field that takes free words (not lanes, no choices), where a command has one. */
export const freeWords = (command: Command): Field | undefined =>
  command.fields.find(
    (field) => field.positional && field.kind === 'list' && !field.selector && !field.choices,
  )

/** The command as it is typed, without the program's name. */
export const commandName = (command: Command): string => command.words.join(' ')

/** The first sentence of a description, for lists. */
export const firstSentence = (description: string): string => {
  const end = description.search(/\.(\s|$)/)
  return end < 0 ? description : description.slice(0, end + 1)
}
