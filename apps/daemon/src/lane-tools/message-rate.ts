// How many messages each lane's agent has sent within the last minute. A call counts when it may be
// made, by its id: one that waits for its turn does not count anew when it ends, nor one that Codex
// asks again. Kept in the registry, a key a lane, so that a daemon that starts anew, or after a
// kill, goes on with the minute of the one before.
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { MINUTE_MS } from './bounds.ts'

/** Counts messages. */
export type MessageRate = {
  /** Those of that lane within the last minute, beside that call. */
  count(threadId: string, callId: string): number
  add(threadId: string, callId: string): void
}

/** A call that counts: since when by the clock that only goes forward, and as it is kept. */
type Sent = { callId: string; since: number; at: number }

/** Lanes that have a key. */
const SENDERS = 'laneTools.senders'

const keyOf = (threadId: string): string => `laneTools.sent.${threadId}`

/** Counts on from what is kept. */
export const makeMessageRate = (options: {
  store: Pick<Store, 'runtime' | 'transaction'>
  clock: Pick<Clock, 'now' | 'monotonic'>
}): MessageRate => {
  const { store, clock } = options
  const { runtime } = store

  const read = (threadId: string): Sent[] => {
    const kept = (runtime.get(keyOf(threadId)) ?? []) as [callId: string, at: number][]
    return kept.flatMap(([callId, at]) => {
      const ago = clock.now() - at
      // A clock that was set back since tells nothing of them.
      return ago >= 0 && ago < MINUTE_MS ? [{ callId, at, since: clock.monotonic() - ago }] : []
    })
  }
  const senders = (runtime.get(SENDERS) ?? []) as string[]
  const sent = new Map(senders.map((threadId) => [threadId, read(threadId)]))

  const recent = (threadId: string): Sent[] => {
    const from = clock.monotonic() - MINUTE_MS
    return (sent.get(threadId) ?? []).filter(({ since }) => since > from)
  }

  // Lanes whose minute is over give way to the new one: as many keys stay as there were senders at
  // once.
  const begin = (threadId: string): void => {
    for (const other of [...sent.keys()]) {
      if (recent(other).length > 0) continue
      sent.delete(other)
      runtime.delete(keyOf(other))
    }
    runtime.set(SENDERS, [...sent.keys(), threadId])
  }

  return {
    count: (threadId, callId) => recent(threadId).filter((one) => one.callId !== callId).length,
    add: (threadId, callId) => {
      const before = recent(threadId)
      if (before.some((one) => one.callId === callId)) return
      const now = [...before, { callId, since: clock.monotonic(), at: clock.now() }]
      store.transaction(() => {
        if (!sent.has(threadId)) begin(threadId)
        runtime.set(
          keyOf(threadId),
          now.map(({ callId: id, at }) => [id, at]),
        )
      })
      sent.set(threadId, now)
    },
  }
}
