// The floor of ingestion: the rows that the daemon wrote of a flood, written again into a copy of its
// registry by prepared statements, with the same indexes, keys and way to the disk. A transaction has as
// many items as a slice of the daemon's has where each fact is one: its 4 ms took 203 to 259 (medians of
// four rounds, by CPU), and checkpoints are made in commits, as SQLite does by itself.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import type { World } from '@dispatch/e2e'
import { cpuOfBench } from '../measure/cpu.ts'
import type { Sample } from '../measure/pairs.ts'

/** Items of a transaction. */
const SLICE = 256

type Row = Record<string, unknown>

/** A copy of a registry; made while its daemon runs. */
export type RegistryCopy = Disposable & {
  /** Writes the items of a flood and their events again; tells the rows of each and what it took. */
  rewrite(flood: string): Sample & { items: number; events: number; ms: number }
}

const inserterOf = (db: BetterSqlite.Database, table: string, [example]: readonly Row[]) => {
  const columns = Object.keys(example ?? {})
  const slots = columns.map((column) => `@${column}`)
  return db.prepare(`insert into ${table} (${columns.join(', ')}) values (${slots.join(', ')})`)
}

/** Copies the registry of a world. */
export const copyRegistry = ({ home, work }: World, name: string): RegistryCopy => {
  const file = join(work, name)
  const source = new BetterSqlite(join(home, 'registry.db'), { readonly: true })
  source.prepare('vacuum into ?').run(file)
  source.close()
  const db = new BetterSqlite(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.pragma('foreign_keys = ON')
  const all = (sql: string, pattern: string): Row[] => db.prepare(sql).all(pattern) as Row[]
  return {
    rewrite: (flood) => {
      const itemsOf = 'from items where turnId like ?'
      const eventsOf = `from events where type = 'item.completed' and data ->> 'turnId' like ?`
      const items = all(`select * ${itemsOf} order by ordinal`, `${flood}-%`)
      const events = all(`select * ${eventsOf} order by seq`, `${flood}-%`)
      db.prepare(`delete ${eventsOf}`).run(`${flood}-%`)
      db.prepare(`delete ${itemsOf}`).run(`${flood}-%`)
      const [item, event] = [inserterOf(db, 'items', items), inserterOf(db, 'events', events)]
      const slice = db.transaction((from: number) => {
        for (const row of items.slice(from, from + SLICE)) item.run(row)
        for (const row of events.slice(from, from + SLICE)) event.run(row)
      })
      const cpu = cpuOfBench()
      const start = performance.now()
      for (let from = 0; from < Math.max(items.length, events.length); from += SLICE) slice(from)
      const ms = performance.now() - start
      const value = (items.length / ms) * 1000
      return { value, cpuMs: cpuOfBench() - cpu, items: items.length, events: events.length, ms }
    },
    [Symbol.dispose]: () => {
      db.close()
      rmSync(file)
    },
  }
}
