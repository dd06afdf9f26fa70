// The lanes of the registry.
import type { LaneStatus } from '@dispatch/contract'
import type { LaneListQuery, LanePage, LanePatch, LaneRow, OpenLane } from './lane-row.ts'

/** Repository of the lanes. "Live" means not archived. */
export type Lanes = {
  /** Throws `UniqueError` when thread id, ref, call id or (among live lanes) handle is taken. */
  insert(row: LaneRow): void
  /** Whether there was such a lane. Throws `UniqueError` when the handle is taken. */
  update(threadId: string, patch: LanePatch): boolean
  get(threadId: string): LaneRow | null
  byCallId(callId: string): LaneRow | null
  byRef(ref: string): LaneRow | null
  /** `handle` with its `@`; exact. */
  byLiveHandle(handle: string): LaneRow | null
  /** Exact title; newest first. */
  byLiveTitle(title: string, limit?: number): LaneRow[]
  /** Lanes, archived ones too, whose thread id starts so; newest first. */
  byIdPrefix(prefix: string, limit?: number): LaneRow[]
  /** Live lanes whose title has that part, ASCII letters in either case; newest first. */
  byTitlePart(part: string, limit: number): LaneRow[]
  /** Throws `CursorError` on a cursor that no page gave. */
  list(query: LaneListQuery): LanePage
  /** All live lanes. */
  open(): OpenLane[]
  /** Live lanes by status; a status that no lane has is 0. */
  counts(): Record<LaneStatus, number>
}
