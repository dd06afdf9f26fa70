// A lane on its way: what was asked for before Codex was told, and how far it came.
import type { LaneSettings } from '@dispatch/contract'
import type { ServerInstance } from '../turns/delivery-row.ts'

/** A lane as it was asked for. */
export type CreationDraft = {
  /** Without its prefix. */
  name: string
  title: string
  cwd: string
  ephemeral: boolean
  settings: LaneSettings
  /** The thread and turn that it goes on from; null where it begins anew. */
  fork: { threadId: string; lastTurnId: string | null } | null
}

/**
 * One row of `creations`; times in epoch ms. Without a thread it is `begun` while `server` is set: that
 * app-server may have made one, or may yet; with neither there is none. With a thread it is a lane, and
 * done once `named`.
 */
export type CreationRow = {
  callId: string
  /** Hash of the call's op and input: another call under the same id is refused. */
  inputHash: string
  /** Null once the lane has it. */
  draft: CreationDraft | null
  server: ServerInstance | null
  at: number
  threadId: string | null
  named: boolean
}

/** What may change of a creation. */
export type CreationPatch = Partial<Pick<CreationRow, 'draft' | 'server' | 'threadId' | 'named'>>
