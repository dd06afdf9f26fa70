// What the README and the usage guide of the predecessor show and promise, as data: the form of an
// entry. `dispatch` stands for whatever runner the documents put before it.
import type { ErrorCode } from '@dispatch/contract'

/** A part of a document: its title in words of ours, and how many commands its examples have. */
export type Part = { title: string; commands: number; entries: readonly Entry[] }

/** What has to be so before a line is typed. */
export type Given =
  /** A turn that waits in its middle. */
  | { turnOf: string }
  /** A turn that goes on saying something. */
  | { streamOf: string }
  /** A lane that said that, and a session of `codex exec` in another directory that did too. */
  | { saidBy: string; says: string }
  /** A session of `codex exec`, whose id takes the place of that placeholder. */
  | { session: string }
  | 'a daemon that was killed'

type Said = {
  /** The line as it is typed, with the document's placeholders. */
  line: string
  promise: string
  /** Promised beside the commands; the line is ours, to show it. Not counted. */
  beside?: true
}

/** A line that is typed, and what has to come of it. */
export type Typed = Said & {
  given?: Given
  /** Variables of the environment; a placeholder in one is put in. */
  env?: Readonly<Record<string, string>>
  /** Typed in a terminal, with these keys at its question. */
  keys?: string
  /** Runs until Ctrl-C. */
  foreground?: true
  /** The exit status, where the line is neither done (0) nor refused. */
  exit?: number
  /** What stdout has as JSON, among other things. */
  gives?: Readonly<Record<string, unknown>>
  /** What stdout has as text. */
  prints?: string
  /** The error, with its exit status and nothing on stdout. */
  refuses?: ErrorCode
  /** What its message has. */
  says?: string
  /** Which field of the answer takes the place of which placeholder from here on. */
  keeps?: Readonly<Record<string, string>>
  /** What else is looked at. */
  proof?: ProofName
}

/** A line of what is not there yet: refused today, or without the file that it needs. */
export type Later = Said & { later: string; lacks?: string }

/** A promise that a test elsewhere holds. */
export type Tested = Said & { tested: { file: string; title: string } }

/** A line that stands above already, with the same promise. */
export type Again = { line: string; again: true }

export type Entry = Typed | Later | Tested | Again

/** What can be looked at beside an answer. */
export type ProofName =
  | 'the goal is worked on after the message'
  | 'the turn ends well'
  | 'the turn fails and says why'
  | 'nothing was asked of the model'
  | 'the model was asked as Codex is configured'
  | 'the model was asked in the fast tier'
  | 'no lane was made'
  | 'it is listed'
  | 'it is not listed'
  | 'the history has the message'
  | 'the making of a lane is logged'
  | 'all that doctor looks at'
  | 'raw events'
  | 'the model sees it with the next message'
  | 'it lands in the turn that runs'
  | 'the turn is cut and the message takes its place'
  | 'it runs when the turn has ended'
  | 'the sender is named'
  | 'the files are there'
  | 'both are found'
  | 'the lane is found'
  | 'the other one is found'
  | 'what is found lies between the days'
  | 'the session is shown'
  | 'it is half an hour ahead'
  | 'it is at nine on weekdays'
  | 'the lane heard of the docs branch'
  | 'schemas of input and output'
