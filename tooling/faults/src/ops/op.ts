// What a script of a case may do next, and what it has at hand. An op of dispatch is one module beside
// this one, in the list of `ops.ts`.
import type { DispatchClient } from '@dispatch/client'
import type { ModelSimulator } from '@dispatch/model-simulator'
import type { CallRecord } from '../case/calls.ts'
import type { Chance } from '../case/chance.ts'

/** What one call is about. */
export type Outgoing = {
  op: string
  input: Record<string, unknown>
  /** What it does something to, beside the lane. */
  about?: string
  text?: string
  mode?: CallRecord['mode']
}

/** A script on one lane while it runs. */
export type Script = {
  readonly number: number
  readonly chance: Chance
  readonly model: ModelSimulator
  readonly client: DispatchClient
  readonly work: string
  /** The lane's thread id, once its `new` was answered. */
  lane: string | null
  /** The gate at which the turn waits that runs for all the script knows, or null. */
  gate: string | null
  /** Receipts of messages that were told to wait in the lane's queue; some have had their turn since. */
  readonly waiting: string[]
  /** Triggers that were added, by id; some have fired since. */
  readonly triggers: string[]
  /** A name that no other lane has. */
  name(): string
  /** A message, seldom one like the last; with a gate its turn stays open until that is opened. */
  message(options?: { gated?: boolean }): { text: string; gate: string | null }
  /** A message whose turn asks a person for a command, which leaves a line in a file of its own. */
  question(): { text: string }
  call(outgoing: Outgoing): Promise<CallRecord>
}

/** One thing that a script can do. */
export type Op = {
  readonly name: string
  /** How likely it is now; 0 for never. */
  weight(script: Script): number
  act(script: Script): Promise<void>
}
