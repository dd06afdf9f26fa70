// The ends of turns among their items: a turn that failed or was interrupted says so below its last
// item, with the reason where there is one. Ends are no items: no limit counts them.
import type { TranscriptItem, Turn } from '@dispatch/contract'

/** The type of an item that is the end of a turn; no type of Codex. */
export const TURN_END = 'turn'

/** Why a turn did not complete, in a sentence; null where nothing is known of it. */
export const turnToReason = ({ error, reason }: Pick<Turn, 'error' | 'reason'>): string | null =>
  error?.message ?? reason

const turnToEnd = (turn: Turn): TranscriptItem => ({
  id: turn.id,
  turnId: turn.id,
  type: TURN_END,
  text: turnToReason(turn) ?? '',
  status: turn.status,
  startedAt: turn.startedAt,
  completedAt: turn.completedAt,
})

const isBad = ({ status }: Turn): boolean => status === 'failed' || status === 'interrupted'

/** The turns that have their last item among these; `newer` is the turn of the item after them. */
export const turnsEndingIn = (
  items: readonly TranscriptItem[],
  newer: string | null,
): Map<string, number> => {
  const last = new Map<string, number>()
  for (const [index, { turnId }] of items.entries()) if (turnId !== null) last.set(turnId, index)
  if (newer !== null) last.delete(newer)
  return last
}

/** The items, oldest first, with the ends of those turns that did not complete. */
export const withTurnEnds = (
  items: readonly TranscriptItem[],
  ending: ReadonlyMap<string, number>,
  turnOf: (turnId: string) => Turn | null,
): TranscriptItem[] =>
  items.flatMap((item, index) => {
    const { turnId } = item
    const turn = turnId !== null && ending.get(turnId) === index ? turnOf(turnId) : null
    return turn && isBad(turn) ? [item, turnToEnd(turn)] : [item]
  })
