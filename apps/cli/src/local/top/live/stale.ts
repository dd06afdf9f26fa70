// What is to be read again, gathered from events and from the audit trail, which tells of ops that make
// no event. An event says only of what there is news; the news itself is read.
import type { AuditRow, DispatchEvent } from '@dispatch/contract'

/** What is not known as it is any more. */
export type Stale = {
  codex: boolean
  /** All lanes. */
  lanes: boolean
  /** These lanes. */
  some: Set<string>
  requests: boolean
  queue: boolean
  triggers: boolean
}

/** Nothing, or everything. */
export const makeStale = (is: boolean): Stale => ({
  codex: is,
  lanes: is,
  some: new Set(),
  requests: is,
  queue: is,
  triggers: is,
})

/** Whether something is. */
export const isStale = (stale: Stale): boolean =>
  stale.some.size > 0 ||
  [stale.codex, stale.lanes, stale.requests, stale.queue, stale.triggers].includes(true)

/** Takes in what another one has. */
export const addStale = (to: Stale, from: Stale): void => {
  to.codex ||= from.codex
  to.lanes ||= from.lanes
  to.requests ||= from.requests
  to.queue ||= from.queue
  to.triggers ||= from.triggers
  for (const id of from.some) to.some.add(id)
}

const lists = [
  ['request', 'requests'],
  ['delivery', 'queue'],
  ['queue', 'queue'],
  ['trigger', 'triggers'],
] as const

const markList = (stale: Stale, word: string): void => {
  const noun = word.split('.')[0]
  for (const [beginning, list] of lists) if (noun === beginning) stale[list] = true
}

/** Marks what an event tells of. What streams changes no list. */
export const markEvent = (stale: Stale, { type, lane }: DispatchEvent): void => {
  if (type.startsWith('item.')) return
  if (type === 'gap' || type === 'daemon.started' || type.startsWith('codex.')) {
    return addStale(stale, makeStale(true))
  }
  if (lane) stale.some.add(lane.id)
  else if (type.startsWith('lane.')) stale.lanes = true
  markList(stale, type)
}

/** Marks what an op changes. */
export const markOp = (stale: Stale, { op, laneId }: AuditRow): void => {
  if (laneId !== null) stale.some.add(laneId)
  markList(stale, op)
}
