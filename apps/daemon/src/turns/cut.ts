// Ends of turns that Codex never told: what was cut by the loss of the app-server is judged so by us,
// from a history without an end and a thread that does not run. A judgement stands only until Codex
// tells an end of that turn. Pure.
import type { TurnRow } from '@dispatch/store'
import type { Fact, TurnFact } from '../codex/fact.ts'

/** Why a turn ended that nobody ended. */
export const CUT_REASON = 'app-server lost'

/** The end of a turn of which nothing more can come. */
export const turnToCut = (threadId: string, id: string): Fact => ({
  kind: 'turn-ended',
  threadId,
  turn: {
    id,
    status: 'interrupted',
    startedAt: null,
    completedAt: null,
    durationMs: null,
    error: null,
  },
})

/**
 * Whether history has the end of that turn. Codex shows one without an end as running while the thread
 * is active, else as interrupted at no time; a person's interruption has a time.
 */
export const hasEnd = ({ status, completedAt }: TurnFact): boolean =>
  status === 'completed' ||
  status === 'failed' ||
  (status === 'interrupted' && completedAt !== null)

/** Whether the recorded end of that turn is our judgement. */
export const isJudgedCut = ({ status, reason }: TurnRow): boolean =>
  status === 'interrupted' && reason === CUT_REASON
