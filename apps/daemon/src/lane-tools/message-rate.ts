// How many messages each lane's agent has sent within the last minute. Kept in memory: a daemon that starts
// anew has forgotten a minute at most.
import type { Clock } from '../clock/clock.ts'
import { MINUTE_MS } from './bounds.ts'

/** Counts messages. */
export type MessageRate = {
  /** Those of that lane within the last minute. */
  count(threadId: string): number
  add(threadId: string): void
}

/** Counts by a clock that only goes forward. */
export const makeMessageRate = ({ monotonic }: Pick<Clock, 'monotonic'>): MessageRate => {
  const sent = new Map<string, number[]>()
  const recent = (threadId: string): number[] => {
    const from = monotonic() - MINUTE_MS
    const times = (sent.get(threadId) ?? []).filter((at) => at > from)
    if (times.length === 0) sent.delete(threadId)
    else sent.set(threadId, times)
    return times
  }
  return {
    count: (threadId) => recent(threadId).length,
    add: (threadId) => void sent.set(threadId, [...recent(threadId), monotonic()]),
  }
}
