// What comes from the daemon and from what was done, as changes of the state. Pure.
import type {
  CodexStatus,
  LaneDetail,
  LaneSummary,
  Request,
  TranscriptItem,
  Trigger,
} from '@dispatch/contract'
import { inOrder } from './order.ts'
import { itemRows } from './transcript.ts'
import type { LiveItem, Notice, OpenLane, Size, TopState, Waiting } from './state.ts'

/** A change. */
export type Change =
  | { kind: 'size'; size: Size }
  | { kind: 'link'; link: TopState['link'] }
  | { kind: 'codex'; codex: CodexStatus | null }
  /** Every lane that is not archived. */
  | { kind: 'lanes'; lanes: readonly LaneSummary[] }
  /** Some of them; `gone` are there no more. */
  | { kind: 'some-lanes'; lanes: readonly LaneSummary[]; gone: readonly string[] }
  | { kind: 'doing'; laneId: string; what: string | null }
  | { kind: 'requests'; requests: readonly Request[] }
  | { kind: 'queue'; waiting: readonly Waiting[]; total: number }
  | { kind: 'triggers'; triggers: readonly Trigger[] }
  | { kind: 'detail'; detail: LaneDetail }
  | { kind: 'item'; laneId: string; item: TranscriptItem }
  | { kind: 'live'; laneId: string; live: LiveItem }
  /** The turn ended: nothing streams any more. */
  | { kind: 'settled'; laneId: string }
  | { kind: 'lane-error'; laneId: string; error: string }
  | { kind: 'notice'; notice: Notice }

/** Items of the open lane that are kept. */
const ITEMS_MAX = 1_000
/** So many items back is looked for what came late. */
const LATE = 20
/** Characters of an item that streams. */
const LIVE_MAX = 20_000

const merged = (state: TopState, change: Extract<Change, { kind: 'some-lanes' }>): TopState => {
  const known = new Map((state.lanes ?? []).map((lane) => [lane.id, lane]))
  for (const lane of change.lanes) known.set(lane.id, lane)
  for (const id of change.gone) known.delete(id)
  return { ...state, lanes: inOrder(known.values(), state.waiting) }
}

const withDoing = (state: TopState, laneId: string, what: string | null): TopState => {
  const doing = new Map(state.doing)
  if (what === null) doing.delete(laneId)
  else doing.set(laneId, what)
  return { ...state, doing }
}

const inOpen = (
  state: TopState,
  laneId: string,
  next: (open: OpenLane) => Partial<OpenLane>,
): TopState =>
  state.open?.id === laneId ? { ...state, open: { ...state.open, ...next(state.open) } } : state

// What streams comes another way than what is complete, and may come after it.
const isComplete = ({ items }: OpenLane, id: string): boolean =>
  items.slice(-LATE).some((item) => item.id === id)

const withLive = (live: readonly LiveItem[], next: LiveItem): LiveItem[] => {
  const before = live.find(({ id }) => id === next.id)
  const text = ((before?.text ?? '') + next.text).slice(-LIVE_MAX)
  const joined = { id: next.id, type: before?.type ?? next.type, text }
  return before ? live.map((one) => (one === before ? joined : one)) : [...live.slice(-9), joined]
}

/** The state after a change. */
export const changed = (state: TopState, change: Change): TopState => {
  switch (change.kind) {
    case 'size':
      return { ...state, size: change.size }
    case 'link':
      // What was said before is no news beside a daemon that is gone.
      return {
        ...state,
        link: change.link,
        notice: change.link === 'lost' ? null : state.notice,
      }
    case 'codex':
      return { ...state, codex: change.codex }
    case 'lanes':
      return { ...state, lanes: inOrder(change.lanes, state.waiting) }
    case 'some-lanes':
      return merged(state, change)
    case 'doing':
      return withDoing(state, change.laneId, change.what)
    case 'requests':
      return { ...state, requests: change.requests }
    case 'queue': {
      const { waiting, total: waitingTotal } = change
      const lanes = state.lanes && inOrder(state.lanes, waiting)
      return { ...state, waiting, waitingTotal, lanes }
    }
    case 'triggers':
      return { ...state, triggers: change.triggers }
    case 'detail':
      return inOpen(state, change.detail.id, () => ({ detail: change.detail, error: null }))
    case 'item':
      return inOpen(state, change.laneId, ({ items, live, above }) => ({
        items: [...items.slice(1 - ITEMS_MAX), change.item],
        live: live.filter(({ id }) => id !== change.item.id),
        // Whoever has scrolled up goes on seeing the same.
        above: above === 0 ? 0 : above + itemRows(change.item, state.size.columns).length,
      }))
    case 'live':
      return inOpen(state, change.laneId, (open) =>
        isComplete(open, change.live.id) ? {} : { live: withLive(open.live, change.live) },
      )
    case 'settled':
      return inOpen(state, change.laneId, () => ({ live: [] }))
    case 'lane-error':
      return inOpen(state, change.laneId, () => ({ error: change.error }))
    case 'notice':
      return { ...state, notice: change.notice }
  }
}
