// How many messages each lane's agent has sent within the last minute. Kept in memory, and read once from the
// audit trail, so that a daemon that starts anew goes on with the minute of the one before.
import type { AuditEntry } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { MINUTE_MS } from './bounds.ts'

/** Counts messages. */
export type MessageRate = {
  /** Those of that lane within the last minute. */
  count(threadId: string): number
  add(threadId: string): void
}

/** A message that was sent before: by whose agent, and how long ago, in ms. */
export type SentBefore = { threadId: string; agoMs: number }

/** The messages of the last minute that these rows of the audit trail tell of. */
export const rowsToSentBefore = (rows: readonly AuditEntry[], now: number): SentBefore[] =>
  rows.flatMap(({ at, actor, outcome, detail }) => {
    const threadId = detail['callerThread']
    const agoMs = now - at
    const isSent = actor === 'lane' && outcome === 'ok' && typeof threadId === 'string'
    // A clock that was set back since tells nothing of them.
    return isSent && agoMs >= 0 && agoMs < MINUTE_MS ? [{ threadId, agoMs }] : []
  })

/** Counts by a clock that only goes forward. */
export const makeMessageRate = (
  { monotonic }: Pick<Clock, 'monotonic'>,
  before: readonly SentBefore[] = [],
): MessageRate => {
  const sent = new Map<string, number[]>()
  const recent = (threadId: string): number[] => {
    const from = monotonic() - MINUTE_MS
    const times = (sent.get(threadId) ?? []).filter((at) => at > from)
    if (times.length === 0) sent.delete(threadId)
    else sent.set(threadId, times)
    return times
  }
  const addAt = (threadId: string, at: number): void =>
    void sent.set(threadId, [...recent(threadId), at])
  for (const { threadId, agoMs } of before) addAt(threadId, monotonic() - agoMs)
  return {
    count: (threadId) => recent(threadId).length,
    add: (threadId) => addAt(threadId, monotonic()),
  }
}
