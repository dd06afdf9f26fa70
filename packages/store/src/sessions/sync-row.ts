// What sync has found of a lane, and where it stopped reading.
import type { SyncState } from '@dispatch/contract'

/** Where reading of a rollout file stopped, and by what the same file is known again. */
export type SyncPosition = {
  device: number
  inode: number
  /** Bytes of the file when it was read. */
  size: number
  /** Where the first line begins that was not read whole. */
  offset: number
  /** Whether everything before `offset` was read. */
  whole: boolean
  /** Hash of the file's first bytes. */
  head: string
  /** Hash of the bytes that end at `offset`. */
  anchor: string
}

/** One row of `syncs`; times in epoch ms. */
export type SyncRow = {
  threadId: string
  state: SyncState
  syncedAt: number
  path: string | null
  position: SyncPosition | null
  latestEventAt: number | null
  latestTurnId: string | null
  preview: string | null
  model: string | null
  error: string | null
}
