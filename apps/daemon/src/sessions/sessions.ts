// The room of threads that others made, put together.
import type { LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { HistoryReader } from '../codex/history-reader.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { Sync } from '../sync/sync.ts'
import type { Removing } from '../triggers/removing.ts'
import { makeAdopt } from './adopt.ts'
import { makeAttach } from './attach.ts'
import { makeDetach } from './detach.ts'
import { makeRawThreads, makeThreadOf, type RawThreads } from './raw-thread.ts'
import { makeRelease } from './release.ts'
import { makeSearch } from './search.ts'
import { makeSearchWithin } from './search-within.ts'
import { makeSessionService, type SessionServices } from './session-service.ts'
import { makeUnloading } from './unloading.ts'
import { makeUnmanaged } from './unmanaged.ts'

type SessionsOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  loading: LaneLoading
  audit: Audit
  history: HistoryReader
  threads: ThreadReader
  locks: WriterLocks
  sync: Sync
  resolve: (selector: string) => LaneRow
  /** The same for reading: by a part of the title too. */
  find: (selector: string) => LaneRow
  removeTriggers: Removing['removeOf']
  touched: (threadIds: Iterable<string>) => void
}

/** The room. */
export type Sessions = {
  services: SessionServices
  raw: RawThreads
  /** The App Server let the thread go. */
  unloaded(threadId: string): void
}

/** Makes the room. */
export const makeSessions = (options: SessionsOptions): Sessions => {
  const unloading = makeUnloading(options)
  const shared = { ...options, unloading }
  const threadOf = makeThreadOf(options)
  const within = makeSearchWithin(options)
  return {
    raw: makeRawThreads(options),
    unloaded: unloading.unloaded,
    services: makeSessionService({
      ...options,
      attach: makeAttach(options),
      adopt: makeAdopt(options),
      release: makeRelease(shared),
      detach: makeDetach(shared),
      unmanaged: makeUnmanaged(options),
      search: makeSearch({ ...options, threadOf, within }),
    }),
  }
}
