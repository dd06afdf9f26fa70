// The registry: opens the database and puts its repositories together.
import type { Deliveries } from './turns/deliveries.ts'
import type { Items } from './turns/items.ts'
import type { Turns } from './turns/turns.ts'
import type { Lanes } from './lanes/lanes.ts'
import type { Refs } from './lanes/refs.ts'
import type { Events } from './events/events.ts'
import type { Audit } from './audit.ts'
import type { Runtime } from './runtime.ts'

/** What opening did to a database of an older schema. */
export type Migrated = { from: number; to: number; backup: string | null }

/** The registry of one home: one connection, synchronous. */
export type Store = Disposable & {
  readonly file: string
  /** Set when this opening migrated an existing database; `backup` is the verified copy made before. */
  readonly migrated: Migrated | null
  readonly lanes: Lanes
  readonly refs: Refs
  readonly deliveries: Deliveries
  readonly turns: Turns
  readonly items: Items
  readonly events: Events
  readonly audit: Audit
  readonly runtime: Runtime
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
}
