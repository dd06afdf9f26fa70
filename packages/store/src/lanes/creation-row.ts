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
  /**
   * The lane whose agent asks for it, the one that all of them come from, and how deep the new one
   * is; absent where a person does. Kept here because those two may be gone once its thread is
   * there. Drafts of a daemon that did not keep the root have none.
   */
  parent?: { threadId: string; rootId?: string; depth: number }
  /** Ops whose tools its agent gets; absent: none. */
  laneTools?: string[]
}

/**
 * How far a creation came.
 *
 *   begun -> registered -> done     its thread is a lane, then that has its name in Codex
 *         -> absent -> begun ...    Codex surely has no thread of it; the same call may begin again
 */
export type CreationState = 'begun' | 'absent' | 'registered' | 'done'

/** One row of `creations`; times in epoch ms. */
export type CreationRow = {
  callId: string
  /** Hash of the call's op and input: another call under the same id is refused. */
  inputHash: string
  /** Null once it is not needed any more. */
  draft: CreationDraft | null
  /**
   * The app-server that could have made the thread; null where it does not tell which process it
   * is.
   */
  server: ServerInstance | null
  at: number
  threadId: string | null
  state: CreationState
}

/** What may change of a creation. */
export type CreationPatch = Partial<Pick<CreationRow, 'draft' | 'threadId' | 'state'>>
