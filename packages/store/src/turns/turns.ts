// The turns of the registry.
import type { TurnRow, TurnUpsert } from './turn-row.ts'

/** Repository of the turns. */
export type Turns = {
  /** Writes a turn: new, or only the given fields of one that is there. */
  upsert(turn: TurnUpsert): void
  get(threadId: string, id: string): TurnRow | null
  /** The turn of a thread that started last. */
  latest(threadId: string): TurnRow | null
  /** Every turn that has started and not ended. */
  running(): TurnRow[]
}
