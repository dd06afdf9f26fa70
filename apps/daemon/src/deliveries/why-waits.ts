// Why a message waits, in a sentence for whoever sent it. Pure.
import type { HoldReason } from '@dispatch/contract'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import { msToIso } from '../clock/instant.ts'

const holds: Record<HoldReason, string> = {
  person: 'it was paused',
  stopped: 'its turn was stopped',
  failed: 'its turn failed',
  undelivered: 'a message failed',
  archived: 'it was archived',
}

/** Why a lane holds what waits for it. */
export const holdToWords = (hold: LaneRow['heldFor']): string =>
  hold === null ? 'no reason known' : holds[hold]

/** What surrounds a message that waits. */
export type Around = {
  lane: LaneRow
  /** The messages before it. */
  ahead: number
  /** Whether as many lanes work as may. */
  isFull: boolean
  hasCodex: boolean
  now: number
}

const reasonOf = ({ notBefore }: DeliveryRow, around: Around): string | null => {
  const { lane, ahead, isFull, hasCodex, now } = around
  const { ref, handle, held, heldFor, activeTurnId } = lane
  if (held) {
    const way = `dispatch queue resume ${ref}`
    return `${handle} holds what waits for it (${holdToWords(heldFor)}): ${way}`
  }
  if (!hasCodex) return 'Codex is not there: dispatch doctor'
  if (ahead > 0) return ahead === 1 ? 'a message is before it.' : `${ahead} messages are before it.`
  if (activeTurnId !== null) return `a turn of ${handle} runs.`
  if (notBefore !== null && notBefore > now) return `it is tried again at ${msToIso(notBefore)}.`
  return isFull ? 'as many lanes work as may ([limits] max_active_turns).' : null
}

/** The sentence; none for a message that does not wait, or is about to go. */
export const rowToWaitNotes = (row: DeliveryRow, around: Around): string[] => {
  const reason = row.state === 'queued' ? reasonOf(row, around) : null
  return reason === null ? [] : [`The message waits: ${reason}`]
}
