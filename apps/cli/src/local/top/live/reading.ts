// Reads from the daemon what is stale, and gives it as changes. Never starts a daemon: one that was ended
// while it was looked at stays ended.
import { DispatchError, type DispatchClient } from '@dispatch/client'
import type { LaneSummary } from '@dispatch/contract'
import type { Change } from '../model/change.ts'
import { makeStale, type Stale } from './stale.ts'

const PAGE = 1_000
/** So many lanes one by one; more are read as pages, 1,000 for the price of some ten. */
const SINGLE_MAX = 16

type Reading = {
  api: DispatchClient['api']
  signal: AbortSignal
  change: (change: Change) => void
}

const readCodex = async ({ api, signal, change }: Reading): Promise<void> => {
  const { codex } = await api.daemon.status({}, { signal, autostart: false })
  change({ kind: 'codex', codex })
}

const readAllLanes = async ({ api, signal, change }: Reading): Promise<void> => {
  const lanes: LaneSummary[] = []
  let cursor: string | null = null
  do {
    const input: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor ? { cursor } : {}) }
    const page = await api.list(input, { signal, autostart: false })
    lanes.push(...page.lanes)
    cursor = page.nextCursor
  } while (cursor !== null)
  change({ kind: 'lanes', lanes })
}

const readLane = async (id: string, { api, signal, change }: Reading): Promise<void> => {
  try {
    const detail = await api.get({ lane: id }, { signal, autostart: false })
    if (detail.status === 'archived') return change({ kind: 'some-lanes', lanes: [], gone: [id] })
    change({ kind: 'some-lanes', lanes: [detail], gone: [] })
    change({ kind: 'detail', detail })
  } catch (error) {
    if (!(error instanceof DispatchError) || error.code !== 'not_found') throw error
    change({ kind: 'some-lanes', lanes: [], gone: [id] })
  }
}

const readLanes = async ({ lanes, some }: Stale, reading: Reading): Promise<void> => {
  if (lanes || some.size > SINGLE_MAX) await readAllLanes(reading)
  else await Promise.all(Array.from(some, (id) => readLane(id, reading)))
}

const readRequests = async ({ api, signal, change }: Reading): Promise<void> => {
  const { requests } = await api.request.list({ limit: PAGE }, { signal, autostart: false })
  // The oldest first: one that comes takes the place of no other.
  change({ kind: 'requests', requests: requests.toReversed() })
}

const readQueue = async ({ api, signal, change }: Reading): Promise<void> => {
  const input = { limit: PAGE }
  const { messages, total } = await api.queue.list(input, { signal, autostart: false })
  change({ kind: 'queue', waiting: messages, total })
}

const soonestFirst = (one: { nextAt: string | null }, other: { nextAt: string | null }): number =>
  (one.nextAt ?? '~') < (other.nextAt ?? '~') ? -1 : 1

const readTriggers = async ({ api, signal, change }: Reading): Promise<void> => {
  const { triggers } = await api.trigger.list({ limit: PAGE }, { signal, autostart: false })
  change({ kind: 'triggers', triggers: triggers.toSorted(soonestFirst) })
}

/** Reads what is stale. */
export const readStale = async (stale: Stale, reading: Reading): Promise<void> => {
  await Promise.all([
    ...(stale.codex ? [readCodex(reading)] : []),
    readLanes(stale, reading),
    ...(stale.requests ? [readRequests(reading)] : []),
    ...(stale.queue ? [readQueue(reading)] : []),
    ...(stale.triggers ? [readTriggers(reading)] : []),
  ])
}

/** Reads one lane whole. */
export const readOne = (id: string, reading: Reading): Promise<void> =>
  readStale({ ...makeStale(false), some: new Set([id]) }, reading)
