// The registry: opens the database and puts its repositories together.
import type { Database } from 'better-sqlite3'
import { type Audit, makeAudit } from './audit.ts'
import { makeConnection } from './database/connection.ts'
import { copyWhileInUse, faultsOf } from './database/copy.ts'
import { withStoreErrors } from './database/fault.ts'
import { migrations } from './database/migrations.ts'
import { openDatabase } from './database/open.ts'
import { type Events, makeEvents } from './events/events.ts'
import { type Creations, makeCreations } from './lanes/creations.ts'
import { type Goals, makeGoals } from './goals/goals.ts'
import { type Lanes, makeLanes } from './lanes/lanes.ts'
import { type Forgetting, makeForgetting } from './lanes/forgetting.ts'
import { makeRefs, type Refs } from './lanes/refs.ts'
import { makeRequests, type Requests } from './requests/requests.ts'
import { makeRuntime, type Runtime } from './runtime.ts'
import { makeSyncs, type Syncs } from './sessions/syncs.ts'
import { makeTriggerRuns, type TriggerRuns } from './triggers/trigger-runs.ts'
import { makeTriggers, type Triggers } from './triggers/triggers.ts'
import { type Deliveries, makeDeliveries } from './turns/deliveries.ts'
import { type IdempotencyKeys, makeIdempotencyKeys } from './turns/idempotency-keys.ts'
import { type Items, makeItems } from './turns/items.ts'
import { makeRevert, type Revert } from './turns/reverting.ts'
import { makeTurns, type Turns } from './turns/turns.ts'
import { makeWal, type Wal } from './upkeep/checkpoints.ts'
import { makeUpkeep, type Upkeep } from './upkeep/retention.ts'

/** What opening did to a database of an older schema. */
export type Migrated = { from: number; to: number; backup: string | null }

/** The registry of one home: one connection, synchronous. */
export type Store = Disposable & {
  readonly file: string
  /** Set when this opening migrated an existing database; `backup` is the verified copy made before. */
  readonly migrated: Migrated | null
  readonly lanes: Lanes
  readonly creations: Creations
  readonly forgetting: Forgetting
  readonly refs: Refs
  readonly deliveries: Deliveries
  readonly idempotencyKeys: IdempotencyKeys
  readonly turns: Turns
  readonly items: Items
  readonly goals: Goals
  readonly syncs: Syncs
  readonly requests: Requests
  readonly triggers: Triggers
  readonly triggerRuns: TriggerRuns
  readonly events: Events
  readonly audit: Audit
  readonly runtime: Runtime
  readonly upkeep: Upkeep
  readonly wal: Wal
  /** Forgets turns that Codex took back. */
  readonly revert: Revert
  /**
   * Runs `fn` in one transaction (BEGIN IMMEDIATE). `fn` is synchronous; an async one is refused and
   * rolled back. Inside another transaction it joins, and if it throws there the whole is rolled back.
   */
  transaction<T>(fn: () => T): T
  /**
   * The same, and on return the commit has reached the disk (synchronous=FULL for this commit). Joins
   * a durable transaction; inside a plain one it throws, because that one is not durable.
   */
  durable<T>(fn: () => T): T
  /** Whether a transaction is open. */
  inTransaction(): boolean
  /** Rows written by this connection so far: while it stays the same, so does what was read outside a transaction. */
  changes(): number
  /** Copies the database while it is in use, checks the copy, mode 0600. The path must be free. */
  backup(path: string): Promise<void>
  /** Every fault that SQLite finds in the file; empty when it is sound. Reads the whole file. */
  check(): string[]
}

/** How to open a registry. */
export type OpenStoreOptions = {
  file: string
  /** For a second connection that only reads: no migration, no creation. */
  readonly?: boolean
  /** How long to wait for a lock of another process; 2,000 ms when absent. */
  busyTimeoutMs?: number
  /** Whether an older schema is copied before it is migrated; true when absent. */
  backup?: boolean
}

const makeChanges = (db: Database): (() => number) => {
  const read = db.prepare<[], number>('select total_changes()').pluck()
  return () => read.get() ?? 0
}

/**
 * Opens the registry, makes it where there is none, brings an older one to this schema (after a copy).
 * Throws the classes of `StoreError`; another program's database is never touched. Disposing
 * checkpoints and closes.
 */
export const openStore = (options: OpenStoreOptions): Store => {
  const { db, migrated } = openDatabase({ ...options, migrations })
  const connection = makeConnection(db)
  const events = makeEvents(connection)
  const audit = makeAudit(connection)
  const requests = makeRequests(connection)
  const keys = makeIdempotencyKeys(connection)
  const triggerRuns = makeTriggerRuns(connection)
  return {
    file: options.file,
    migrated,
    lanes: makeLanes(connection),
    creations: makeCreations(connection),
    forgetting: makeForgetting(db, connection),
    refs: makeRefs(connection),
    deliveries: makeDeliveries(connection),
    idempotencyKeys: keys,
    turns: makeTurns(connection),
    items: makeItems(connection),
    goals: makeGoals(connection),
    syncs: makeSyncs(connection),
    requests,
    triggers: makeTriggers(connection),
    triggerRuns,
    events,
    audit,
    runtime: makeRuntime(connection),
    revert: makeRevert(connection),
    upkeep: makeUpkeep(db, connection, { events, audit, requests, triggerRuns, keys }),
    wal: makeWal(db),
    transaction: connection.transaction,
    durable: connection.durable,
    inTransaction: connection.inTransaction,
    changes: makeChanges(db),
    backup: (path) => copyWhileInUse(db, path),
    check: () => withStoreErrors(options.file, () => faultsOf(db)),
    [Symbol.dispose]: () => {
      if (!db.open) return
      if (options.readonly !== true) db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}
