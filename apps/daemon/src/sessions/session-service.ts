// The ops on threads that others made: resolve, refuse, hand to what does it.
import type { DaemonServices } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Sync } from '../sync/sync.ts'
import type { Adopt } from './adopt.ts'
import type { Attach } from './attach.ts'
import type { Detach } from './detach.ts'
import type { Release } from './release.ts'
import type { makeSearch } from './search.ts'
import type { makeUnmanaged } from './unmanaged.ts'

type SessionServiceOptions = {
  audit: Audit
  /** The lane of a selector; exact, archived ones by their label too. */
  resolve: (selector: string) => LaneRow
  attach: Attach
  sync: Sync
  adopt: Adopt
  release: Release
  detach: Detach
  unmanaged: ReturnType<typeof makeUnmanaged>
  search: ReturnType<typeof makeSearch>
}

/** The ops that this service has. */
export type SessionServices = Pick<
  DaemonServices,
  'listUnmanaged' | 'search' | 'attach' | 'sync' | 'adopt' | 'release' | 'detachPlan' | 'detach'
>

/** Makes the ops on sessions. */
export const makeSessionService = (options: SessionServiceOptions): SessionServices => {
  const { audit, resolve, detach } = options
  return {
    listUnmanaged: options.unmanaged,
    search: options.search,

    attach: (input, call) =>
      audit.run('attach', call, async (note) => {
        note.detail({ thread: input.thread })
        const { lane, result } = await options.attach(input, call)
        note.lane(lane)
        return result
      }),

    sync: (input, call) =>
      audit.run('sync', call, async (note) => {
        const lane = resolve(input.lane)
        note.lane(lane)
        const result = await options.sync.sync(lane, input, call.signal)
        const { sync, bytesRead } = result
        note.detail({ state: sync.state, full: input.full ?? false, bytesRead })
        return result
      }),

    adopt: (input, call) =>
      audit.run('adopt', call, async (note) => {
        const lane = resolve(input.lane)
        note.lane(lane)
        return await options.adopt(lane, call.signal)
      }),

    release: (input, call) =>
      audit.run('release', call, async (note) => {
        const lane = resolve(input.lane)
        note.lane(lane)
        return await options.release(lane, call.signal)
      }),

    detachPlan: (input) => detach.plan(resolve(input.lane)),
    detach: (input, call) =>
      audit.run('detach', call, async (note) => {
        const lane = resolve(input.lane)
        note.lane(lane)
        return await detach.detach(lane)
      }),
  }
}
