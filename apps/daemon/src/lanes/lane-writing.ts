// The ops that change one lane: resolve, refuse, hand to the room that does it. Those that are of the thread
// alone also take one that is no lane.
import type { ActionResult, Call, DaemonServices } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import { type RawThreads, threadIdOf } from '../sessions/raw-thread.ts'
import type { LaneActions } from './lane-actions.ts'
import type { LaneHistory } from './lane-history.ts'
import { resolveLane } from './lane-resolver.ts'
import type { LaneSetting } from './lane-setting.ts'

/** What they need. */
export type LaneWritingOptions = {
  store: Store
  audit: Audit
  actions: LaneActions
  setting: LaneSetting
  history: LaneHistory
  /** Threads that are no lanes. */
  raw: RawThreads
}

/** Those ops. */
export type LaneWriting = Pick<
  DaemonServices,
  'set' | 'fork' | 'compact' | 'rollback' | 'rename' | 'archive' | 'restore'
>

/** What is done to a thread that is no lane, and to a lane. */
type Acts = {
  raw(threadId: string): Promise<ActionResult>
  find(selector: string): LaneRow
  own(lane: LaneRow): Promise<ActionResult>
}

/** Makes them. */
export const makeLaneWriting = (options: LaneWritingOptions): LaneWriting => {
  const { store, audit, actions, setting, history, raw } = options
  const writing = (selector: string): LaneRow => resolveLane(store, selector)
  const turnWriting = (selector: string): LaneRow => resolveLane(store, selector, { turns: true })

  /** A thread id that is not the one of a lane. */
  const rawOf = (selector: string): string | null => {
    const threadId = threadIdOf(selector)
    return threadId === null || store.lanes.get(threadId) ? null : threadId
  }

  const ofThread = (
    op: string,
    { selector, call }: { selector: string; call: Call },
    act: Acts,
  ): Promise<ActionResult> =>
    audit.run(op, call, async (note) => {
      const threadId = rawOf(selector)
      if (threadId !== null) {
        note.detail({ thread: threadId })
        return await act.raw(threadId)
      }
      const lane = act.find(selector)
      note.lane(lane)
      return await act.own(lane)
    })

  return {
    set: (input, call) =>
      audit.run('set', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.lane(lane)
        const result = await setting.set(lane, input, call)
        note.detail({ changed: result.changed })
        return result
      }),
    fork: (input, call) =>
      audit.run('fork', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.detail({ from: lane.ref })
        const made = await history.fork(lane, input, call)
        note.lane({ threadId: made.id, ref: made.ref })
        return made
      }),
    compact: (input, call) =>
      audit.run('compact', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.lane(lane)
        return await history.compact(lane, call.signal)
      }),
    rollback: (input, call) =>
      audit.run('rollback', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.lane(lane)
        note.detail({ turns: input.turns })
        return await history.rollback(lane, input, call.signal)
      }),
    rename: (input, call) =>
      ofThread(
        'rename',
        { selector: input.lane, call },
        {
          raw: (threadId) => raw.rename(threadId, input),
          find: writing,
          own: (lane) => actions.rename(lane, input),
        },
      ),
    archive: (input, call) =>
      ofThread(
        'archive',
        { selector: input.lane, call },
        {
          raw: raw.archive,
          find: writing,
          own: (lane) => actions.archive(lane, input, call.signal),
        },
      ),
    restore: (input, call) =>
      ofThread(
        'restore',
        { selector: input.lane, call },
        {
          raw: raw.restore,
          find: (selector) => resolveLane(store, selector, { archived: true }),
          own: actions.restore,
        },
      ),
  }
}
