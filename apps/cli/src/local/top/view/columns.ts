// The columns of each list: what a row says of itself.
import type { LaneSummary, Request, Trigger } from '@dispatch/contract'
import { toCell } from '../../../output/cell.ts'
import { ago } from '../../../output/time.ts'
import { visibleLine } from '../../../output/visible.ts'
import { cutReasonOf } from '../model/order.ts'
import type { Waiting } from '../model/state.ts'
import type { GridColumn } from './grid.ts'

const short = (time: string): string => time.replace(/ ago$/, '')

const since = (iso: string | null, now: number): string =>
  iso === null ? '-' : short(ago(iso, now))

/** A lane with what is known of it elsewhere. */
export type LaneRow = { lane: LaneSummary; waiting: number; doing: string }

const marksOf = (lane: LaneSummary): string[] => {
  const { flags, pendingRequests } = lane
  return [
    ...(pendingRequests > 1 ? [`${pendingRequests} asked`] : []),
    ...(cutReasonOf(lane) === null ? [] : ['cut']),
    ...(flags.stalled ? ['stalled'] : []),
    ...(flags.held ? ['held'] : []),
    ...(flags.runningElsewhere ? ['elsewhere'] : []),
  ]
}

const timeOf = ({ activeTurn, updatedAt }: LaneSummary, now: number): string =>
  since(activeTurn?.startedAt ?? updatedAt, now)

/** Of lanes. */
export const laneColumns: readonly GridColumn<LaneRow>[] = [
  { title: 'REF', width: 6, from: 60, cell: ({ lane }) => lane.ref },
  { title: 'LANE', width: 14, grows: 2, cell: ({ lane }) => visibleLine(lane.handle) },
  {
    title: 'STATUS',
    width: 16,
    cell: ({ lane }) => [lane.status, ...marksOf(lane)].join(', '),
  },
  { title: 'SINCE', width: 8, from: 70, cell: ({ lane }, now) => timeOf(lane, now) },
  {
    title: 'QUEUE',
    width: 5,
    from: 100,
    cell: ({ waiting }) => (waiting === 0 ? '' : String(waiting)),
  },
  { title: 'NOW', width: 10, grows: 5, from: 60, cell: ({ doing }) => visibleLine(doing) },
  { title: 'MODEL', width: 12, from: 140, cell: ({ lane }) => visibleLine(lane.model ?? '-') },
  { title: 'CWD', width: 16, grows: 2, from: 120, cell: ({ lane }) => visibleLine(lane.cwd) },
]

/** Of what Codex asks. */
export const requestColumns: readonly GridColumn<Request>[] = [
  { title: 'LANE', width: 14, grows: 1, cell: ({ lane }) => visibleLine(lane?.handle ?? '-') },
  { title: 'KIND', width: 11, from: 60, cell: ({ kind }) => kind },
  { title: 'SINCE', width: 8, cell: ({ createdAt }, now) => since(createdAt, now) },
  {
    title: 'ENDS',
    width: 9,
    from: 100,
    cell: ({ expiresAt }, now) => (expiresAt === null ? '-' : ago(expiresAt, now)),
  },
  { title: 'ASKED', width: 9, grows: 4, cell: ({ summary }) => visibleLine(summary) },
]

/** Of what waits. */
export const queueColumns: readonly GridColumn<Waiting>[] = [
  { title: 'LANE', width: 14, grows: 1, cell: ({ handle }) => visibleLine(handle) },
  { title: 'PLACE', width: 5, from: 50, cell: ({ position }) => toCell(position, { now: 0 }) },
  { title: 'STATE', width: 10, cell: ({ state }) => state },
  { title: 'HELD FOR', width: 11, from: 90, cell: ({ hold }) => hold ?? '' },
  { title: 'SINCE', width: 8, from: 60, cell: ({ createdAt }, now) => since(createdAt, now) },
  { title: 'TEXT', width: 8, grows: 4, cell: ({ preview }) => visibleLine(preview) },
]

/** Of triggers. */
export const triggerColumns: readonly GridColumn<Trigger>[] = [
  { title: 'TRIGGER', width: 12, grows: 1, cell: ({ name }) => visibleLine(name) },
  { title: 'STATE', width: 8, cell: ({ state }) => state },
  {
    title: 'NEXT',
    width: 10,
    cell: ({ nextAt, state }, now) =>
      nextAt === null || state !== 'active' ? '-' : ago(nextAt, now),
  },
  { title: 'WHEN', width: 12, grows: 2, from: 60, cell: ({ schedule }) => visibleLine(schedule) },
  { title: 'DOES', width: 5, from: 80, cell: ({ action }) => action },
  {
    title: 'LANE',
    width: 12,
    grows: 1,
    from: 70,
    cell: ({ lane }) => visibleLine(lane?.handle ?? '-'),
  },
  { title: 'FIRED', width: 8, from: 100, cell: ({ lastFiredAt }, now) => since(lastFiredAt, now) },
  { title: 'TIMES', width: 5, from: 110, cell: ({ fires }) => String(fires) },
  {
    title: 'TEXT',
    width: 12,
    grows: 3,
    from: 120,
    cell: ({ reason, text }) => visibleLine(reason ?? text),
  },
]
