import BetterSqlite from 'better-sqlite3'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeTransactions } from '../src/database/transaction.ts'
import { openDatabase } from '../src/database/open.ts'
import {
  CorruptDatabaseError,
  DatabaseAccessError,
  DiskFullError,
  ForeignDatabaseError,
  LockedDatabaseError,
  NewerSchemaError,
  OlderSchemaError,
  openStore,
} from '../src/index.ts'
import { migrations } from '../src/database/migrations.ts'
import { insertLane, makeTempFolder, makeTempStore } from './temp-store.ts'

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('opening', () => {
  it('makes a private database with our id, WAL and incremental vacuum', () => {
    using folder = makeTempFolder()
    using store = openStore({ file: folder.file })
    expect(store.migrated).toBeNull()
    expect(store.check()).toEqual([])
    insertLane(store, 't')
    for (const suffix of ['', '-wal', '-shm']) expect(modeOf(folder.file + suffix)).toBe(0o600)
    using db = asDisposable(folder.file)
    expect(db.pragma('application_id', { simple: true })).toBe(0x64_73_70_63)
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    const tables = db
      .prepare(
        "select name, strict from pragma_table_list where type='table' and schema='main' and name not like 'sqlite%'",
      )
      .all()
    const loose = tables.filter((row) => (row as { strict: number }).strict === 0)
    expect(loose).toEqual([])
    expect(tables.length).toBeGreaterThanOrEqual(9)
  })

  it('keeps what was written, closes without a WAL, and tightens a mode', async () => {
    using folder = makeTempFolder()
    {
      using store = openStore({ file: folder.file })
      insertLane(store, 't')
    }
    expect(() => statSync(`${folder.file}-wal`)).toThrow('ENOENT')
    const { chmodSync } = await import('node:fs')
    chmodSync(folder.file, 0o644)
    using store = openStore({ file: folder.file })
    expect(store.lanes.get('t')?.handle).toBe('@t')
    expect(modeOf(folder.file)).toBe(0o600)
  })

  it.each([0, 0x1234])('leaves a database of another program alone (id %i)', (id) => {
    using folder = makeTempFolder()
    {
      using db = asDisposable(folder.file)
      db.exec(`pragma application_id = ${id}; pragma journal_mode = WAL; create table t (a)`)
    }
    const before = readFileSync(folder.file)
    for (const readonly of [false, true]) {
      expect(() => openStore({ file: folder.file, readonly })).toThrow(ForeignDatabaseError)
    }
    expect(readFileSync(folder.file)).toEqual(before)
    expect(() => statSync(`${folder.file}-shm`)).toThrow('ENOENT')
  })

  it('leaves another program alone whose tables are still in its WAL', () => {
    using folder = makeTempFolder()
    using db = asDisposable(folder.file)
    db.exec('pragma journal_mode = WAL; create table t (a)')
    expect(() => openStore({ file: folder.file })).toThrow(ForeignDatabaseError)
  })

  it('refuses a newer schema', () => {
    using folder = makeTempFolder()
    openStore({ file: folder.file })[Symbol.dispose]()
    {
      using db = asDisposable(folder.file)
      db.pragma('user_version = 99')
    }
    const refusal = expect.objectContaining({
      found: 99,
      known: migrations.length,
      file: folder.file,
    })
    expect(() => openStore({ file: folder.file })).toThrow(NewerSchemaError)
    expect(() => openStore({ file: folder.file })).toThrow(refusal)
  })

  it('refuses what is no database, what is truncated, and what cannot be opened', () => {
    using folder = makeTempFolder()
    writeFileSync(folder.file, 'no database at all'.repeat(100))
    expect(() => openStore({ file: folder.file })).toThrow(CorruptDatabaseError)
    const cut = join(folder.path, 'cut.db')
    openStore({ file: cut })[Symbol.dispose]()
    writeFileSync(cut, readFileSync(cut).subarray(0, 4_096))
    expect(() => openStore({ file: cut })).toThrow(CorruptDatabaseError)
    const missing = join(folder.path, 'no', 'registry.db')
    expect(() => openStore({ file: missing })).toThrow(DatabaseAccessError)
    mkdirSync(join(folder.path, 'folder.db'))
    expect(() => openStore({ file: join(folder.path, 'folder.db') })).toThrow(DatabaseAccessError)
  })

  it('refuses a database that another process holds', () => {
    using folder = makeTempFolder()
    openStore({ file: folder.file })[Symbol.dispose]()
    using db = asDisposable(folder.file)
    db.exec('pragma locking_mode = EXCLUSIVE; begin exclusive')
    const open = () => openStore({ file: folder.file, busyTimeoutMs: 1 })
    expect(open).toThrow(LockedDatabaseError)
  })

  it('reads beside the writer and never writes', () => {
    using temp = makeTempStore()
    insertLane(temp.store, 't')
    using reader = openStore({ file: temp.folder.file, readonly: true })
    expect(reader.lanes.get('t')?.threadId).toBe('t')
    expect(() => reader.runtime.set('a', 1)).toThrow(DatabaseAccessError)
    const none = join(temp.folder.path, 'none.db')
    expect(() => openStore({ file: none, readonly: true })).toThrow(OlderSchemaError)
  })
})

describe('migrations', () => {
  const one = 'create table a (x integer) strict; insert into a values (1);'

  it('copies an older database, verified and private, before it changes it', () => {
    using folder = makeTempFolder()
    openDatabase({ file: folder.file, migrations: [one] }).db.close()
    const two = [one, 'alter table a add column y integer']
    const { db, migrated } = openDatabase({ file: folder.file, migrations: two })
    db.close()
    const backup = `${folder.file}.schema-1.backup`
    expect(migrated).toEqual({ from: 1, to: 2, backup })
    expect(modeOf(backup)).toBe(0o600)
    using copy = asDisposable(backup)
    expect(copy.pragma('user_version', { simple: true })).toBe(1)
    expect(copy.prepare('select * from a').all()).toEqual([{ x: 1 }])
  })

  it('begins with the schema that older registries of the tests are made of', () => {
    const url = new URL('../../../apps/daemon/test/registry/schema-1.sql', import.meta.url)
    using folder = makeTempFolder()
    const schemaOf = (name: string, text: string): unknown[] => {
      const { db } = openDatabase({ file: join(folder.path, name), migrations: [text] })
      const schema = db.prepare('select name, sql from sqlite_schema order by name').all()
      db.close()
      return schema
    }
    const steps = schemaOf('steps.db', migrations[0] ?? '')
    expect(schemaOf('file.db', readFileSync(url, 'utf8'))).toEqual(steps)
    expect(steps.length).toBeGreaterThan(9)
  })

  it('leaves no half of a step that fails, and keeps the steps before it', () => {
    using folder = makeTempFolder()
    openDatabase({ file: folder.file, migrations: [one] }).db.close()
    const steps = [one, 'create table b (x)', 'create table c (x); insert into none values (1)']
    expect(() => openDatabase({ file: folder.file, migrations: steps })).toThrow('SQLITE_ERROR')
    using db = asDisposable(folder.file)
    expect(db.pragma('user_version', { simple: true })).toBe(2)
    const names = db.prepare("select name from sqlite_schema where type = 'table'").pluck().all()
    expect(names).toEqual(['a', 'b'])
  })
})

describe('copies', () => {
  it('copies while in use, to a free path only', async () => {
    using temp = makeTempStore()
    insertLane(temp.store, 't')
    const path = join(temp.folder.path, 'copy.db')
    await temp.store.backup(path)
    expect(modeOf(path)).toBe(0o600)
    using copy = openStore({ file: path, readonly: true })
    expect(copy.lanes.get('t')?.threadId).toBe('t')
    await expect(temp.store.backup(path)).rejects.toThrow('EEXIST')
  })
})

describe('transactions', () => {
  it('commits durably under FULL and goes back to NORMAL, also after a throw', () => {
    using folder = makeTempFolder()
    using db = asDisposable(folder.file)
    const { durable, transaction } = makeTransactions(db)
    const synchronous = () => db.pragma('synchronous', { simple: true })
    db.pragma('synchronous = NORMAL')
    expect(durable(synchronous)).toBe(2)
    expect(synchronous()).toBe(1)
    const fail = () =>
      durable(() => {
        throw new Error('no')
      })
    expect(fail).toThrow('no')
    expect(synchronous()).toBe(1)
    expect(transaction(synchronous)).toBe(1)
    expect(durable(() => durable(() => transaction(synchronous)))).toBe(2)
    expect(() => transaction(() => durable(synchronous))).toThrow('inside a plain one')
    expect(transaction(synchronous)).toBe(1)
  })

  it('refuses an async function and keeps nothing of it', () => {
    using temp = makeTempStore()
    const { store } = temp
    const set = () => store.runtime.set('a', 1)
    const refused = [
      async () => set(),
      () => {
        set()
        return Promise.resolve()
      },
    ]
    for (const fn of refused) {
      expect(() => store.transaction(fn)).toThrow(TypeError)
      expect(() => store.durable(fn)).toThrow(TypeError)
    }
    expect(store.runtime.get('a')).toBeNull()
    expect(store.inTransaction()).toBe(false)
  })

  it('rolls the whole back when a joined part threw, even if that was caught', () => {
    using temp = makeTempStore()
    const { store } = temp
    const part = () => {
      store.runtime.set('b', 1)
      throw new Error('part')
    }
    const whole = () =>
      store.transaction(() => {
        store.runtime.set('a', 1)
        expect(() => store.transaction(part)).toThrow('part')
      })
    expect(whole).toThrow('part')
    expect(store.runtime.get('a')).toBeNull()
    store.transaction(() => store.runtime.set('a', 2))
    expect(store.runtime.get('a')).toBe(2)
  })

  it('forgets what is kept also when it cannot roll back', () => {
    let forgotten = 0
    const broken = {
      name: 'registry.db',
      inTransaction: true,
      prepare: (text: string) => ({
        run: () => {
          if (text === 'ROLLBACK') throw new Error('no rollback')
        },
      }),
    }
    const { transaction } = makeTransactions(
      broken as unknown as BetterSqlite.Database,
      () => (forgotten += 1),
    )
    const fail = () =>
      transaction(() => {
        throw new Error('no')
      })
    expect(fail).toThrow('no')
    expect(forgotten).toBe(1)
  })

  it('reports a full disk as such and goes on when there is room again', () => {
    using folder = makeTempFolder()
    using db = asDisposable(folder.file)
    db.exec('create table t (a)')
    const { transaction } = makeTransactions(db)
    const pages = db.pragma('page_count', { simple: true }) as number
    db.pragma(`max_page_count = ${pages}`)
    const fill = () => db.prepare('insert into t values (zeroblob(100000))').run()
    expect(() => transaction(fill)).toThrow(DiskFullError)
    expect(db.inTransaction).toBe(false)
    db.pragma(`max_page_count = ${pages + 100}`)
    expect(transaction(fill).changes).toBe(1)
  })
})

function asDisposable(file: string): BetterSqlite.Database & Disposable {
  const db = new BetterSqlite(file)
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() })
}
