// Who needs a person first: the order of `dispatch list` on a terminal, kept here as lanes change. Pure.
import type { LaneSummary } from '@dispatch/contract'
import type { Waiting } from './state.ts'

type Queues = { holding: ReadonlySet<string>; undecided: ReadonlySet<string> }

/** Why its latest turn was cut where nobody stopped it; null of every other lane. */
export const cutReasonOf = ({ latestTurn }: LaneSummary): string | null =>
  latestTurn?.reason ?? null

const urgencyOf = (lane: LaneSummary, queues: Queues): number => {
  const { id, status, flags } = lane
  if (status === 'waiting_approval') return 7
  if (status === 'error') return 6
  if (flags.held && status !== 'busy' && queues.holding.has(id)) return 6
  if (cutReasonOf(lane) !== null) return 6
  if (flags.stalled) return 5
  if (queues.undecided.has(id)) return 4
  if (status === 'busy') return 3
  return status === 'idle' ? 2 : 1
}

const newestFirst = (one: string, other: string): number => (one < other ? 1 : one > other ? -1 : 0)

const queuesOf = (waiting: readonly Waiting[]): Queues => {
  const lanesWith = (state: Waiting['state']): Set<string> =>
    new Set(waiting.filter((one) => one.state === state).map(({ laneId }) => laneId))
  return { holding: lanesWith('queued'), undecided: lanesWith('ambiguous') }
}

/** From here on a lane needs a person. */
const NEEDS_PERSON = 4

/** How many lanes, in their order, need a person. */
export const countNeeding = (
  lanes: readonly LaneSummary[],
  waiting: readonly Waiting[],
): number => {
  const queues = queuesOf(waiting)
  const first = lanes.findIndex((lane) => urgencyOf(lane, queues) < NEEDS_PERSON)
  return first < 0 ? lanes.length : first
}

/** The lanes in their order. */
export const inOrder = (
  lanes: Iterable<LaneSummary>,
  waiting: readonly Waiting[],
): LaneSummary[] => {
  const queues = queuesOf(waiting)
  return Array.from(lanes, (lane) => ({ lane, urgency: urgencyOf(lane, queues) }))
    .toSorted(
      (one, other) =>
        other.urgency - one.urgency ||
        newestFirst(one.lane.createdAt, other.lane.createdAt) ||
        newestFirst(one.lane.id, other.lane.id),
    )
    .map(({ lane }) => lane)
}
