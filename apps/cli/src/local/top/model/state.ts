// Everything that the screen of `top` is drawn from. Plain data; what changes it is in reduce.ts.
import type {
  CodexStatus,
  LaneDetail,
  LaneSummary,
  QueueListResult,
  Request,
  TranscriptItem,
  Trigger,
} from '@dispatch/contract'
import type { Effect, SendMode } from './effect.ts'
import type { Line } from './line.ts'

/** The lists that one goes between. */
export const views = ['lanes', 'requests', 'queue', 'triggers'] as const
export type View = (typeof views)[number]

/** A message that waits. */
export type Waiting = QueueListResult['messages'][number]

/** Text of an item that is not complete yet. */
export type LiveItem = { id: string; type: string; text: string }

/** The lane that is looked at. */
export type OpenLane = {
  id: string
  /** Null before it was read. */
  detail: LaneDetail | null
  items: readonly TranscriptItem[]
  live: readonly LiveItem[]
  /** Rows above the end; 0 follows. */
  above: number
  error: string | null
}

/** What the last row asks for in place of keys. */
export type Prompt =
  | { kind: 'filter'; line: Line; before: string }
  | { kind: 'send'; laneId: string; handle: string; mode: SendMode; line: Line }
  | { kind: 'confirm'; question: string; effect: Effect }
  | { kind: 'answer'; request: Request; answers: Readonly<Record<string, string>>; line: Line }

/** Something that is said until the next key. */
export type Notice = { tone: 'ok' | 'error'; text: string }

/** Which row of a list is meant: that id; where it is not there any more, that place. */
export type Selected = { id: string | null; at: number }

/** The terminal. */
export type Size = { columns: number; rows: number }

/** The state of `top`. */
export type TopState = {
  size: Size
  /** lost: the daemon does not answer, and is looked for. */
  link: 'live' | 'lost'
  codex: CodexStatus | null
  /** Not archived, who needs a person first; null before they were read. */
  lanes: readonly LaneSummary[] | null
  /** What a busy lane does now, by its id. */
  doing: ReadonlyMap<string, string>
  requests: readonly Request[]
  waiting: readonly Waiting[]
  waitingTotal: number
  triggers: readonly Trigger[]
  view: View
  selected: Readonly<Record<View, Selected>>
  /** Rows of the request that are scrolled away above. */
  requestScroll: number
  open: OpenLane | null
  filter: string
  prompt: Prompt | null
  isHelpShown: boolean
  notice: Notice | null
}

/** The state before anything was read. */
export const initialState = (size: Size): TopState => ({
  size,
  link: 'live',
  codex: null,
  lanes: null,
  doing: new Map(),
  requests: [],
  waiting: [],
  waitingTotal: 0,
  triggers: [],
  view: 'lanes',
  selected: {
    lanes: { id: null, at: 0 },
    requests: { id: null, at: 0 },
    queue: { id: null, at: 0 },
    triggers: { id: null, at: 0 },
  },
  requestScroll: 0,
  open: null,
  filter: '',
  prompt: null,
  isHelpShown: false,
  notice: null,
})
