// Points around each commit of the registry, named after what it writes: `commit delivery.submitting
// before`, by the events in it, else by the tables, `commit creations after`. Seen at the SQLite
// driver, so that no way of writing goes round it.
import BetterSqlite, { type Statement } from 'better-sqlite3'
import type { Pass } from './points.ts'

type Run = (this: Statement, ...bound: unknown[]) => unknown

const tableOf = (source: string): string | null =>
  /^\s*(?:insert(?: or \w+)? into|replace into|update|delete from) "?(\w+)"?/i.exec(source)?.[1] ??
  null

// `insert into "events" ("at", "type", ...) values (?, ?, ...)`, bound in one list.
const eventType = (source: string, bound: readonly unknown[]): string | null => {
  const columns = /\(([^)]*)\)/.exec(source)?.[1]?.split(',') ?? []
  const at = columns.findIndex((column) => column.trim().replaceAll('"', '') === 'type')
  const value = bound.flat()[at]
  return typeof value === 'string' ? value : null
}

/** Sees every commit of this process's registry from here on. */
export const watchCommits = (pass: Pass): void => {
  const probe = new BetterSqlite(':memory:')
  const prototype = Object.getPrototypeOf(probe.prepare('select 1')) as Record<string, Run>
  probe.close()
  let events = new Set<string>()
  let tables = new Set<string>()

  const note = (source: string, bound: readonly unknown[]): void => {
    const table = tableOf(source)
    if (table === null) return
    const type = table === 'events' ? eventType(source, bound) : null
    if (type === null) tables.add(table)
    else events.add(type)
  }

  const forget = (): void => {
    events = new Set()
    tables = new Set()
  }

  const around = (commit: () => unknown): unknown => {
    const names = [...(events.size > 0 ? events : tables)].sort()
    forget()
    for (const name of names) pass(`commit ${name} before`)
    const result = commit()
    for (const name of names) pass(`commit ${name} after`)
    return result
  }

  for (const name of ['run', 'get', 'all'] as const) {
    const original = prototype[name] as Run
    prototype[name] = function watched(...bound) {
      const { source, database } = this as Statement & { database: BetterSqlite.Database }
      const run = (): unknown => original.apply(this, bound)
      if (!database.name.endsWith('registry.db')) return run()
      if (source === 'COMMIT') return around(run)
      if (source === 'ROLLBACK') forget()
      const isOpen = database.inTransaction
      note(source, bound)
      return !isOpen && tableOf(source) !== null ? around(run) : run()
    }
  }
}
