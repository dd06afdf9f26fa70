/**
 * Notifications at a pace, to measure how far a follower lags behind: deltas and completed items of
 * given threads. Paced by elapsed time in ticks of 5 ms, so that a late timer does not slow it down.
 */
import { now, pause } from './clock.ts'
import type { Peers } from './peer.ts'
import type { Flood } from './scenario.ts'

const tickMs = 5
const linesPerTurnOfTheLoop = 1000

function lineOf(flood: Flood, threadIds: string[], number: number) {
  const threadId = threadIds[number % threadIds.length] ?? ''
  const round = Math.floor(number / threadIds.length)
  const turnId = `${flood.name ?? 'flood'}-${threadId}`
  const itemId = `${turnId}-${Math.floor(round / 11)}`
  const text = 'x'.repeat(flood.textLength ?? 20)
  const place = { threadId, turnId }
  const isItem = flood.of === 'items' || (flood.of !== 'deltas' && round % 11 === 10)
  if (!isItem) {
    const params = { ...place, itemId, delta: `${number} ${text}` }
    return { method: 'item/agentMessage/delta', params }
  }
  const at = now()
  const id = flood.of === 'items' ? `${turnId}-${round}` : itemId
  const item = { type: 'agentMessage', id, text, phase: null, startedAtMs: at, completedAtMs: at }
  return { method: 'item/completed', params: { ...place, item, completedAtMs: at } }
}

export interface FloodOptions {
  flood: Flood
  loaded: string[]
  peers: Peers
  signal: AbortSignal
}

export async function runFlood({ flood, loaded, peers, signal }: FloodOptions) {
  const threadIds = flood.threadIds === 'loaded' ? loaded : flood.threadIds
  const started = now()
  const rate = flood.linesPerSecond
  const allowed = () => (rate === undefined ? Infinity : ((now() - started) / 1000) * rate)
  for (let sent = 0; sent < flood.lines;) {
    const due = Math.min(flood.lines, allowed(), sent + linesPerTurnOfTheLoop)
    for (; sent < due; sent += 1) {
      const { method, params } = lineOf(flood, threadIds, sent)
      peers.broadcast(method, params)
    }
    await pause(rate === undefined ? 0 : tickMs, signal)
  }
  peers.broadcast('fake/flood/ended', { lines: flood.lines, elapsedMs: now() - started })
}
