// A lane as the registry keeps it.
import type {
  EffectiveSettings,
  HoldReason,
  LaneSettings,
  LaneSource,
  LaneStatus,
  TokenUsage,
} from '@dispatch/contract'

/** One row of `lanes`; times in epoch ms. */
export type LaneRow = {
  threadId: string
  ref: string
  /** The bare name, without prefix. */
  name: string
  /** `@` and the bare name, blanks to `-`; unique among lanes that are not archived. */
  handle: string
  title: string
  source: LaneSource
  cwd: string
  status: LaneStatus
  ephemeral: boolean
  settings: LaneSettings
  effective: EffectiveSettings | null
  /** Settings that it once had: Codex keeps what it was told, so it is told of `effective` in their place. */
  unset: (keyof LaneSettings)[]
  activeTurnId: string | null
  latestTurnId: string | null
  held: boolean
  /** Why it holds what waits; of a lane that does not, it says nothing. */
  heldFor: HoldReason | null
  stalled: boolean
  /** Why it was last taken for stalled; of a lane that is not, it says nothing. */
  stalledReason: string | null
  lastMessage: string | null
  usage: TokenUsage | null
  rolloutPath: string | null
  /** The call that made the lane; unique, so that the same call made again makes nothing. */
  callId: string
  /** The lane whose agent made it; that one may be gone. */
  parentId: string | null
  /** The lane at the top of those above it, which no agent made; null where `parentId` is. */
  rootId: string | null
  /** How many lanes stand above it that agents made it through. */
  depth: number
  /** Ops whose tools Codex started its thread with; null where it got none. */
  laneTools: string[] | null
  createdAt: number
  updatedAt: number
  archivedAt: number | null
}

/** What may change of a lane: everything but its identity. */
export type LanePatch = Partial<
  Omit<LaneRow, 'threadId' | 'ref' | 'callId' | 'parentId' | 'rootId' | 'depth' | 'createdAt'>
>

/** What a join looks at of every live lane, to read those that it concerns. */
export type OpenLane = Pick<
  LaneRow,
  'threadId' | 'activeTurnId' | 'status' | 'ephemeral' | 'source'
>

/** Live lanes with those marks. */
export type LaneMarks = { stalled: number; held: number }

/** A page of lanes, in the order that was asked for. */
export type LanePage = { lanes: LaneRow[]; nextCursor: string | null }

/** What `list` may ask for. */
export type LaneListQuery = {
  limit: number
  /** Newest first (the default), or who needs a person first. A page after a cursor keeps its order. */
  order?: 'newest' | 'attention'
  /** `nextCursor` of the page before. */
  cursor?: string | null
  includeArchived?: boolean
  status?: LaneStatus | null
  cwd?: string | null
}
