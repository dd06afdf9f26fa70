// How long the registry keeps what, and the deletion of the rest: by the running daemon every hour, in
// slices that nobody waits for, or all at once by `registry prune`.
import type { DaemonConfig } from '@dispatch/contract'
import type { Pruned, Retention as Limits, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'

/** How much to keep. */
export type Retention = {
  eventDays: number
  eventRows: number
  auditDays: number
  archivedDays: number
}

/** What the configuration says of it. */
export const configToRetention = ({ retention }: DaemonConfig): Retention => ({
  eventDays: retention.events_days,
  eventRows: retention.events_rows,
  auditDays: retention.audit_days,
  archivedDays: retention.archived_days,
})

const DAY_MS = 86_400_000
const EVERY_MS = 3_600_000
const SLICE = 500
/** Some 25 MB. */
const KEY_ROWS = 100_000
/** Who makes a request again does it soon: with more keys in that time than there may be, all are kept. */
const KEYS_FOR_MS = 3_600_000

/** The limits at that instant. */
export const retentionToLimits = (
  { eventDays, eventRows, auditDays, archivedDays }: Retention,
  now: number,
): Limits => ({
  eventsOlderThan: now - eventDays * DAY_MS,
  eventRows,
  auditOlderThan: now - auditDays * DAY_MS,
  keyRows: KEY_ROWS,
  keysFrom: now - KEYS_FOR_MS,
  archivedBefore: now - archivedDays * DAY_MS,
  slice: SLICE,
})

/** Deletes everything that is beyond the limits. */
export const pruneAll = (store: Store, limits: Limits): Pruned => {
  const all: Pruned = {
    events: 0,
    audit: 0,
    deliveries: 0,
    requests: 0,
    triggerRuns: 0,
    items: 0,
    calls: 0,
    keys: 0,
  }
  const kinds = Object.keys(all) as (keyof Pruned)[]
  for (const slice of store.upkeep.prune(limits)) {
    for (const kind of kinds) all[kind] += slice[kind]
  }
  return all
}

type RetentionOptions = {
  store: Store
  clock: Clock
  log: Log
  /** Asked each time. */
  retention: () => Retention
}

/** Prunes until disposed. */
export const keepRetention = (options: RetentionOptions): Disposable => {
  const { store, clock, log } = options
  let stopped = false
  let timer: Disposable
  let pass: Iterator<Pruned, void> | null = null

  const prune = (): void => {
    if (stopped) return
    if (pruneSlice()) setImmediate(prune)
    else timer = clock.at(EVERY_MS, prune)
  }

  // False after the last one. A registry that cannot be written now is pruned an hour later.
  const pruneSlice = (): boolean => {
    try {
      pass ??= store.upkeep.prune(retentionToLimits(options.retention(), clock.now()))
      if (pass.next().done !== true) return true
    } catch (error) {
      log.warn('retention.failed', { error })
    }
    pass = null
    return false
  }

  timer = clock.at(0, prune)
  return {
    [Symbol.dispose]() {
      stopped = true
      timer[Symbol.dispose]()
    },
  }
}
