import BetterSqlite from 'better-sqlite3'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../src/database/open.ts'
import {
  backupRegistry,
  CorruptDatabaseError,
  DatabaseAccessError,
  ExistingFileError,
  ForeignDatabaseError,
  NewerSchemaError,
  openCheckpointer,
  openStore,
  type Retention,
  reportRegistry,
  restoreRegistry,
} from '../src/index.ts'
import { deliveryRow } from '../src/testing/rows.ts'
import { insertLane, makeTempFolder, makeTempStore } from './temp-store.ts'

const change = (file: string, act: (db: InstanceType<typeof BetterSqlite>) => void): void => {
  const db = new BetterSqlite(file)
  act(db)
  db.close()
}

/** Overwrites pages in the middle of a file. */
const damage = (file: string): void => {
  const bytes = readFileSync(file)
  bytes.fill(0xab, 8_192, 8_192 + 40_960)
  writeFileSync(file, bytes)
}

describe('the report of a registry', () => {
  it('tells schema, rows and faults, also while it is in use', () => {
    using temp = makeTempStore()
    insertLane(temp.store, 't')
    const report = reportRegistry(temp.folder.file)
    expect(report).toMatchObject({ faults: [], missingTables: [], danglingRows: 0, mode: 0o600 })
    expect(report?.schemaVersion).toBe(report?.supportedVersion)
    expect(report?.rows).toMatchObject({ lanes: 1, refs: 1, deliveries: 0 })
  })

  it('is null of nothing, schema 0 of an empty file, and says what is missing', () => {
    using folder = makeTempFolder()
    expect(reportRegistry(folder.file)).toBeNull()
    writeFileSync(folder.file, '')
    expect(reportRegistry(folder.file)).toMatchObject({ schemaVersion: 0, bytes: 0 })
    openStore({ file: folder.file })[Symbol.dispose]()
    change(folder.file, (db) => db.exec('drop table audit; pragma user_version = 99'))
    const report = reportRegistry(folder.file, { quick: true })
    expect(report).toMatchObject({ schemaVersion: 99, missingTables: ['audit'] })
  })

  it('throws on a database of another program and on what is none', () => {
    using folder = makeTempFolder()
    writeFileSync(folder.file, 'no database at all'.repeat(100))
    expect(() => reportRegistry(folder.file)).toThrow(CorruptDatabaseError)
    const other = join(folder.path, 'other.db')
    change(other, (db) => db.exec('create table t (a)'))
    expect(() => reportRegistry(other)).toThrow(ForeignDatabaseError)
  })
})

describe('a backup', () => {
  it('is one private file with everything that was committed, of a registry in use', () => {
    using temp = makeTempStore()
    insertLane(temp.store, 't')
    const to = join(temp.folder.path, 'copy.db')
    backupRegistry({ file: temp.folder.file, to })
    insertLane(temp.store, 'later')
    expect(statSync(to).mode & 0o777).toBe(0o600)
    expect(reportRegistry(to)).toMatchObject({ faults: [], rows: { lanes: 1 } })
    expect(existsSync(`${to}-wal`)).toBe(false)
  })

  it('overwrites nothing, and leaves nothing of a copy that failed', () => {
    using temp = makeTempStore()
    const to = join(temp.folder.path, 'copy.db')
    writeFileSync(to, 'mine')
    const again = () => backupRegistry({ file: temp.folder.file, to })
    expect(again).toThrow(ExistingFileError)
    expect(readFileSync(to, 'utf8')).toBe('mine')
    const nowhere = join(temp.folder.path, 'no', 'copy.db')
    expect(() => backupRegistry({ file: temp.folder.file, to: nowhere })).toThrow(
      DatabaseAccessError,
    )
    const none = join(temp.folder.path, 'none.db')
    expect(() => backupRegistry({ file: none, to: join(temp.folder.path, 'b') })).toThrow(
      DatabaseAccessError,
    )
  })

  it('of a damaged registry is refused and removed', () => {
    using folder = makeTempFolder()
    {
      using store = openStore({ file: folder.file })
      for (let n = 0; n < 500; n += 1) insertLane(store, `thread-${n}`)
    }
    damage(folder.file)
    const to = join(folder.path, 'copy.db')
    expect(() => backupRegistry({ file: folder.file, to })).toThrow(CorruptDatabaseError)
    expect(existsSync(to)).toBe(false)
  })

  it('is left out of a migration when it is not wanted', () => {
    using folder = makeTempFolder()
    const steps = ['create table a (x)', 'create table b (x)']
    const [one] = steps
    openDatabase({ file: folder.file, migrations: [one ?? ''] }).db.close()
    const { db, migrated } = openDatabase({ file: folder.file, migrations: steps, backup: false })
    db.close()
    expect(migrated).toEqual({ from: 1, to: 2, backup: null })
  })
})

describe('a restore', () => {
  it('puts the copy back and keeps what stood there, its WAL with it', () => {
    using folder = makeTempFolder()
    const from = join(folder.path, 'copy.db')
    const aside = join(folder.path, 'aside.db')
    {
      using store = openStore({ file: folder.file })
      insertLane(store, 'kept')
      backupRegistry({ file: folder.file, to: from })
      insertLane(store, 'after')
      // As a daemon that was killed leaves it: what is newest is in the WAL alone.
      for (const suffix of ['', '-wal']) {
        writeFileSync(
          join(folder.path, `killed.db${suffix}`),
          readFileSync(`${folder.file}${suffix}`),
        )
      }
    }
    const killed = join(folder.path, 'killed.db')
    expect(restoreRegistry({ file: killed, from, aside })).toBe(true)
    expect(statSync(killed).mode & 0o777).toBe(0o600)
    expect(existsSync(`${killed}-wal`)).toBe(false)
    expect(reportRegistry(killed)).toMatchObject({ faults: [], rows: { lanes: 1 } })
    expect(reportRegistry(aside)).toMatchObject({ faults: [], rows: { lanes: 2 } })
    using store = openStore({ file: killed })
    expect(store.lanes.get('kept')?.handle).toBe('@kept')
    expect(reportRegistry(from)?.rows).toMatchObject({ lanes: 1 })
  })

  it('takes the place of a damaged registry, and of none', () => {
    using folder = makeTempFolder()
    const from = join(folder.path, 'copy.db')
    openStore({ file: from })[Symbol.dispose]()
    expect(restoreRegistry({ file: folder.file, from, aside: `${folder.file}.1` })).toBe(false)
    writeFileSync(folder.file, 'broken')
    expect(restoreRegistry({ file: folder.file, from, aside: `${folder.file}.2` })).toBe(true)
    expect(readFileSync(`${folder.file}.2`, 'utf8')).toBe('broken')
    expect(reportRegistry(folder.file)?.faults).toEqual([])
  })

  it.each([
    [
      'a newer schema',
      NewerSchemaError,
      (file: string) => change(file, (db) => db.pragma('user_version = 99')),
    ],
    [
      'a missing table',
      CorruptDatabaseError,
      (file: string) => change(file, (db) => db.exec('drop table epochs')),
    ],
    ['no tables', CorruptDatabaseError, (file: string) => writeFileSync(file, '')],
    [
      'another program',
      ForeignDatabaseError,
      (file: string) => change(file, (db) => db.pragma('application_id = 7')),
    ],
    ['noise', CorruptDatabaseError, (file: string) => writeFileSync(file, 'noise '.repeat(999))],
  ] as const)('refuses a copy with %s and changes nothing', (_, refusal, spoil) => {
    using folder = makeTempFolder()
    const from = join(folder.path, 'copy.db')
    openStore({ file: from })[Symbol.dispose]()
    openStore({ file: folder.file })[Symbol.dispose]()
    spoil(from)
    const before = readFileSync(folder.file)
    const aside = `${folder.file}.aside`
    expect(() => restoreRegistry({ file: folder.file, from, aside })).toThrow(refusal)
    expect(readFileSync(folder.file)).toEqual(before)
    expect(existsSync(aside)).toBe(false)
  })

  it('refuses a copy that is not there, and a place aside that is taken', () => {
    using folder = makeTempFolder()
    const from = join(folder.path, 'copy.db')
    const aside = join(folder.path, 'aside.db')
    expect(() => restoreRegistry({ file: folder.file, from, aside })).toThrow(DatabaseAccessError)
    openStore({ file: from })[Symbol.dispose]()
    writeFileSync(aside, '')
    expect(() => restoreRegistry({ file: folder.file, from, aside })).toThrow(ExistingFileError)
  })
})

describe('upkeep', () => {
  it('deletes what is old in slices and gives the space back', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 't')
    store.transaction(() => {
      for (let at = 1; at <= 2_000; at += 1) {
        const data = { text: 'x'.repeat(200) }
        store.events.append({ at, threadId: 't', type: 'lane.renamed', key: null, data })
        const entry = { op: 'send', threadId: 't', ref: null, actor: 'cli', outcome: 'ok' }
        store.audit.append({ ...entry, at, detail: data })
      }
      const old = { createdAt: 5, textHash: '', text: '' }
      store.deliveries.insert(deliveryRow('failed', 't', { ...old, state: 'failed' }))
      store.deliveries.insert(deliveryRow('turned', 't', { ...old, state: 'failed', turnId: 'u' }))
      store.deliveries.insert(deliveryRow('open', 't', { ...old, state: 'ambiguous' }))
      store.deliveries.insert(deliveryRow('new', 't', { state: 'failed', createdAt: 1_990 }))
    })
    const keep = {
      eventsOlderThan: 1_901,
      eventRows: 50,
      auditOlderThan: 1_901,
      keyRows: 9,
      keysFrom: 1_000,
      archivedBefore: 0,
      slice: 500,
    }
    const first = {
      events: 500,
      audit: 500,
      deliveries: 1,
      requests: 0,
      triggerRuns: 0,
      items: 0,
      calls: 0,
      keys: 0,
    }
    expect(store.upkeep.prune(keep).next().value).toEqual(first)
    const rest = [...store.upkeep.prune(keep)]
    expect(rest.reduce((sum, { events, audit }) => sum + events + audit, 0)).toBe(1_450 + 1_400)
    expect(store.events.firstSeq()).toBe(1_951)
    expect(store.audit.list({ limit: 1_000 })).toHaveLength(100)
    expect(store.deliveries.get('failed')).toBeNull()
    for (const id of ['turned', 'open', 'new']) expect(store.deliveries.get(id)).not.toBeNull()
    expect(store.upkeep.shrink()).toBeGreaterThan(400_000)
    expect(store.check()).toEqual([])
  })

  it('forgets what was said in lanes that were archived long ago, and calls that made none', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 'live')
    insertLane(store, 'old', { archivedAt: 10, status: 'archived' })
    insertLane(store, 'new', { archivedAt: 90, status: 'archived' })
    const item = { turnId: 'u', type: 'agentMessage', text: 'x', status: null }
    for (const threadId of ['live', 'old', 'new']) {
      store.turns.upsert({ threadId, id: 'u', status: 'completed' })
      for (const id of ['a', 'b', 'c']) {
        store.items.upsert({ ...item, threadId, id, startedAt: 1, completedAt: 1 })
      }
    }
    const call = { inputHash: 'h', draft: null, server: null, threadId: null }
    store.creations.put({ ...call, callId: 'absent', at: 1, state: 'absent' })
    store.creations.put({ ...call, callId: 'begun', at: 1, state: 'begun' })
    store.creations.put({ ...call, callId: 'fresh', at: 90, state: 'absent' })
    const keep = {
      eventsOlderThan: 0,
      eventRows: 9,
      auditOlderThan: 50,
      keyRows: 9,
      keysFrom: 1_000,
      archivedBefore: 50,
      slice: 2,
    }
    const nothing = {
      events: 0,
      audit: 0,
      deliveries: 0,
      requests: 0,
      triggerRuns: 0,
      items: 0,
      calls: 0,
      keys: 0,
    }
    expect([...store.upkeep.prune(keep)]).toEqual([
      { ...nothing, items: 2, calls: 1 },
      { ...nothing, items: 1 },
    ])
    const left = (threadId: string) => store.items.list(threadId, { limit: 9 }).length
    expect([left('live'), left('old'), left('new')]).toEqual([3, 0, 3])
    expect(store.turns.get('old', 'u')).not.toBeNull()
    expect(['absent', 'begun', 'fresh'].map((id) => store.creations.get(id) !== null)).toEqual([
      false,
      true,
      true,
    ])
  })

  it('forgets keys that are old or too many, but none whose message waits', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 't')
    store.deliveries.enqueue(deliveryRow('waits', 't', { state: 'queued' }))
    store.deliveries.insert(deliveryRow('done', 't', { state: 'accepted' }))
    const add = (key: string, at: number, callId = key): void =>
      store.idempotencyKeys.insert({ key, inputHash: 'h', callId, at })
    add('old', 10, 'done')
    add('oldest', 5)
    add('waiting', 1, 'waits')
    for (let at = 51; at <= 60; at += 1) add(`new-${at}`, at)
    const keep = {
      eventsOlderThan: 0,
      eventRows: 9,
      auditOlderThan: 50,
      archivedBefore: 0,
      slice: 1,
      keyRows: 99,
      keysFrom: 1_000,
    }
    const left = (keys: string[]): string[] =>
      keys.filter((key) => store.idempotencyKeys.get(key) !== null)
    const prunedOf = (how: Retention): number => store.upkeep.prune(how).next().value?.keys ?? 0
    expect(prunedOf(keep)).toBe(1)
    expect(left(['old', 'oldest', 'waiting'])).toEqual(['old', 'waiting'])
    expect(prunedOf(keep)).toBe(1)
    expect(prunedOf(keep)).toBe(0)
    expect(left(['old', 'waiting', 'new-51'])).toEqual(['waiting', 'new-51'])
    expect(prunedOf({ ...keep, keyRows: 4, slice: 99 })).toBe(6)
    expect(left(['waiting', 'new-56', 'new-57', 'new-60'])).toEqual(['waiting', 'new-57', 'new-60'])
    expect(prunedOf({ ...keep, keyRows: 4 })).toBe(0)
    // What is young is kept, however many there are and however little is to be kept.
    const young = { ...keep, auditOlderThan: 99, keysFrom: 58, slice: 99 }
    expect(prunedOf({ ...young, keyRows: 0 })).toBe(1)
    expect(left(['new-57', 'new-58', 'new-60'])).toEqual(['new-58', 'new-60'])
  })

  it('keeps a key for as long as a try of its message waits, however many came before', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 't')
    const { deliveries, idempotencyKeys } = store
    deliveries.insert(deliveryRow('first', 't', { state: 'accepted', outcome: 'failed' }))
    const second = { state: 'accepted', outcome: 'failed', retryOf: 'first', attempt: 1 } as const
    deliveries.insert(deliveryRow('second', 't', second))
    const third = { state: 'queued', retryOf: 'second', attempt: 2 } as const
    deliveries.enqueue(deliveryRow('third', 't', third))
    idempotencyKeys.insert({ key: 'k', inputHash: 'h', callId: 'first', at: 1 })
    const keep = { olderThan: 50, maxRows: 99, keptFrom: 50, slice: 9 }
    expect(idempotencyKeys.prune(keep)).toBe(0)
    deliveries.update('third', { state: 'accepted', outcome: 'completed' })
    expect(idempotencyKeys.prune(keep)).toBe(1)
  })
})

describe('checkpoints', () => {
  it('are made by another connection, and by the one that writes from so many pages on', () => {
    using temp = makeTempStore()
    const { store } = temp
    const { wal } = store
    using checkpointer = openCheckpointer(store.file)
    wal.checkpointAt(100_000)
    const write = (at: number): void => store.runtime.set(`k${at}`, 'x'.repeat(40_000))
    for (let at = 0; at < 200; at += 1) write(at)
    expect(wal.pages()).toBeGreaterThan(1_000)
    checkpointer.run()
    expect(wal.pages()).toBe(0)
    // The WAL begins anew.
    write(200)
    expect(wal.pages()).toBeLessThan(20)
    wal.checkpointAt(10)
    write(201)
    expect(wal.pages()).toBe(0)
    expect(store.runtime.get('k199')).toHaveLength(40_000)
    expect(store.check()).toEqual([])
  })
})
