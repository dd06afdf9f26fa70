import { describe, expect, it } from 'vitest'
import { migrations } from '../src/database/migrations.ts'
import { openDatabase } from '../src/database/open.ts'
import { laneRoots } from '../src/database/steps/lane-roots.ts'
import { CursorError, openStore, UniqueError } from '../src/index.ts'
import { deliveryRow } from '../src/testing/rows.ts'
import { insertLane, laneRow, makeTempFolder, makeTempStore } from './temp-store.ts'

const ids = (rows: { threadId: string }[]): string[] => rows.map((row) => row.threadId)

describe('lanes', () => {
  it('keeps every field through a write and a read', () => {
    using temp = makeTempStore()
    const row = laneRow(temp.store, 't1', {
      ephemeral: true,
      held: true,
      settings: { env: { A: 'b' }, network: false },
      effective: {
        model: 'm',
        modelProvider: null,
        effort: null,
        sandbox: null,
        approvalPolicy: null,
        serviceTier: null,
        approvalsReviewer: null,
      },
      lastMessage: '{"no":"json"}',
      rolloutPath: '/r',
    })
    temp.store.lanes.insert(row)
    expect(temp.store.lanes.get('t1')).toEqual(row)
    expect(temp.store.lanes.byCallId('call-t1')).toEqual(row)
    expect(temp.store.lanes.byRef(row.ref)).toEqual(row)
    expect(temp.store.lanes.byLiveHandle('@t1')).toEqual(row)
    expect(temp.store.lanes.get('t2')).toBeNull()
  })

  it('reads a lane as it was written last, also after what was taken back', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    insertLane(temp.store, 't1', { lastMessage: 'first' })
    expect(lanes.get('t1')?.lastMessage).toBe('first')
    lanes.update('t1', { lastMessage: 'second', usage: undefined as never, held: true })
    expect(lanes.get('t1')).toEqual(lanes.byCallId('call-t1'))
    expect(lanes.get('t1')).toMatchObject({ lastMessage: 'second', held: true })
    const fail = () => {
      lanes.update('t1', { lastMessage: 'third' })
      insertLane(temp.store, 't2')
      expect(lanes.get('t1')?.lastMessage).toBe('third')
      expect(lanes.get('t2')).not.toBeNull()
      throw new Error('no')
    }
    expect(() => temp.store.transaction(fail)).toThrow('no')
    expect(lanes.get('t1')?.lastMessage).toBe('second')
    expect(lanes.get('t2')).toBeNull()
    temp.store.transaction(() => temp.store.forgetting.forget('t1'))
    expect(lanes.get('t1')).toBeNull()
  })

  it('counts the live lanes that the agent of one has made', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    const made = { parentId: 't1', rootId: 't1', depth: 1, laneTools: ['list'] }
    insertLane(temp.store, 't1')
    insertLane(temp.store, 't2', made)
    insertLane(temp.store, 't3', { ...made, archivedAt: 5, status: 'archived' })
    insertLane(temp.store, 't4', { ...made, parentId: 't2', depth: 2 })
    expect(lanes.get('t2')).toMatchObject(made)
    expect([lanes.childrenOf('t1'), lanes.childrenOf('t2'), lanes.childrenOf('t4')]).toEqual([
      1, 1, 0,
    ])
    insertLane(temp.store, 't5', { ...made, parentId: 't3', depth: 2 })
    insertLane(temp.store, 't6', { ...made, parentId: 'o', rootId: 'o' })
    expect([lanes.below('t1'), lanes.below('t2'), lanes.below('o')]).toEqual([3, 0, 1])
    temp.store.forgetting.forget('t1')
    expect(lanes.get('t2')).toMatchObject(made)
  })

  it('changes only what a patch has', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    const row = insertLane(temp.store, 't1')
    expect(lanes.update('t1', { stalled: true, effective: null, updatedAt: 9 })).toBe(true)
    expect(lanes.get('t1')).toEqual({ ...row, stalled: true, updatedAt: 9 })
    expect(lanes.update('t1', {})).toBe(true)
    expect(lanes.update('t2', { stalled: true })).toBe(false)
    expect(lanes.update('t2', {})).toBe(false)
  })

  it('gives a handle to one live lane only', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    insertLane(temp.store, 't1', { handle: '@docs', archivedAt: 5, status: 'archived' })
    insertLane(temp.store, 't2', { handle: '@docs' })
    expect(lanes.byLiveHandle('@docs')?.threadId).toBe('t2')
    const second = laneRow(temp.store, 't3', { handle: '@docs' })
    expect(() => lanes.insert(second)).toThrow(UniqueError)
    expect(() => lanes.update('t1', { archivedAt: null })).toThrow(
      expect.objectContaining({ columns: 'lanes.handle' }),
    )
    const sameCall = laneRow(temp.store, 't3', { callId: 'call-t2' })
    expect(() => lanes.insert(sameCall)).toThrow(
      expect.objectContaining({ columns: 'lanes.callId' }),
    )
  })

  it('finds lanes by title, part of it and prefix of the id, taking wildcards literally', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    insertLane(temp.store, '0199-aa', { title: '[x] 100% Docs_a', createdAt: 1 })
    insertLane(temp.store, '0199-ab', { title: '[x] 100% Docs_a', createdAt: 2 })
    insertLane(temp.store, '0198-zz', { title: '[x] 100 docsXa', createdAt: 3 })
    insertLane(temp.store, '0199-ac', { title: '[x] 100% Docs_a', createdAt: 4, archivedAt: 4 })
    expect(ids(lanes.byLiveTitle('[x] 100% Docs_a'))).toEqual(['0199-ab', '0199-aa'])
    expect(ids(lanes.byTitlePart('% docs_', 9))).toEqual(['0199-ab', '0199-aa'])
    expect(ids(lanes.byTitlePart('docs', 2))).toEqual(['0198-zz', '0199-ab'])
    expect(ids(lanes.byTitlePart('\\', 2))).toEqual([])
    expect(ids(lanes.byIdPrefix('0199-a'))).toEqual(['0199-ac', '0199-ab', '0199-aa'])
    expect(ids(lanes.byIdPrefix('0199_a'))).toEqual([])
  })

  it('pages newest first, stable while lanes are made', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    for (let n = 0; n < 7; n += 1) {
      insertLane(temp.store, `t${n}`, { createdAt: Math.floor(n / 2), cwd: n < 5 ? '/a' : '/b' })
    }
    const first = lanes.list({ limit: 3 })
    expect(ids(first.lanes)).toEqual(['t6', 't5', 't4'])
    insertLane(temp.store, 't9', { createdAt: 99 })
    const second = lanes.list({ limit: 3, cursor: first.nextCursor })
    expect(ids(second.lanes)).toEqual(['t3', 't2', 't1'])
    const third = lanes.list({ limit: 3, cursor: second.nextCursor })
    expect(ids(third.lanes)).toEqual(['t0'])
    expect(third.nextCursor).toBeNull()
    expect(lanes.list({ limit: 5, cwd: '/a' }).nextCursor).toBeNull()
    expect(() => lanes.list({ limit: 1, cursor: 'x' })).toThrow(CursorError)
  })

  it('finds live lanes by how handle or ref begins, however many there are', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    for (let n = 0; n < 300; n += 1) {
      const number = String(n).padStart(3, '0')
      insertLane(temp.store, `t${n}`, { handle: `@lane-${number}` })
    }
    const docs = insertLane(temp.store, 'docs', { handle: '@docs' })
    insertLane(temp.store, 'old', { handle: '@docs-old', archivedAt: 1 })
    expect(ids(lanes.beginningWith('@do', 9))).toEqual(['docs'])
    expect(ids(lanes.beginningWith(docs.ref, 9))).toEqual(['docs'])
    expect(ids(lanes.beginningWith(docs.ref.slice(0, 3), 99))).toContain('docs')
    expect(ids(lanes.beginningWith('@lane-00', 3))).toEqual(['t0', 't1', 't2'])
    expect(lanes.beginningWith('@lane-', 200)).toHaveLength(200)
    expect(lanes.beginningWith('nobody', 9)).toEqual([])
  })

  it('pages by who needs a person first, as lanes and deliveries change', () => {
    using temp = makeTempStore()
    const { lanes, deliveries } = temp.store
    const parts: [string, Partial<Parameters<typeof lanes.insert>[0]>][] = [
      ['idle-old', {}],
      ['waiting', { status: 'waiting_approval' }],
      ['busy', { status: 'busy' }],
      ['failed', { status: 'error', held: true }],
      ['held', { held: true }],
      ['stopped', { held: true }],
      ['stalled', { status: 'busy', stalled: true, held: true }],
      ['unknown', { status: 'unknown' }],
      ['archived', { status: 'archived', archivedAt: 1, held: true }],
      ['undecided', {}],
      ['idle-new', {}],
    ]
    for (const [at, [id, part]] of parts.entries()) {
      insertLane(temp.store, id, { createdAt: at, ...part })
    }
    deliveries.insert(deliveryRow('d', 'undecided', { state: 'ambiguous' }))
    deliveries.insert(deliveryRow('w', 'held', { state: 'queued' }))
    const all = (limit: number): string[] => {
      const found: string[] = []
      for (let cursor: string | null = null; ;) {
        // A page keeps the order of the one before.
        const page = lanes.list(
          cursor ? { limit, cursor } : { limit, order: 'attention', includeArchived: true },
        )
        found.push(...ids(page.lanes))
        if (page.nextCursor === null) return found
        cursor = page.nextCursor
      }
    }
    const order =
      'waiting held failed stalled undecided busy idle-new stopped idle-old unknown'.split(' ')
    expect(all(99)).toEqual([...order, 'archived'])
    expect(all(2)).toEqual(order)
    deliveries.update('w', { state: 'cancelled' })
    lanes.update('busy', { status: 'idle', archivedAt: null })
    deliveries.update('d', { state: 'accepted', acceptedAt: 1 })
    deliveries.insert(deliveryRow('e', 'idle-old', { state: 'submitting' }))
    deliveries.update('e', { state: 'ambiguous' })
    const now =
      'waiting failed stalled idle-old idle-new undecided stopped held busy unknown'.split(' ')
    expect(all(3)).toEqual(now)
    expect(ids(lanes.list({ limit: 2, order: 'attention', status: 'idle' }).lanes)).toEqual([
      'idle-old',
      'idle-new',
    ])
    temp.store.forgetting.forget('idle-old')
    expect(all(3)).toEqual(now.filter((id) => id !== 'idle-old'))
  })

  it('puts a lane whose latest turn was cut first, until it has another turn or is archived', () => {
    using temp = makeTempStore()
    const { lanes, turns } = temp.store
    const order = (): string[] => ids(lanes.list({ limit: 9, order: 'attention' }).lanes)
    const cut = (): string[] => lanes.cut(9).map(({ lane }) => lane.threadId)
    for (const [at, id] of ['a', 'b', 'c', 'd'].entries()) {
      insertLane(temp.store, id, { createdAt: at })
    }
    const end = { id: 'u', status: 'interrupted' } as const
    const reason = 'app-server lost'
    // Whichever is written first.
    turns.upsert({ ...end, threadId: 'a', reason })
    expect(order()).toEqual(['d', 'c', 'b', 'a'])
    lanes.update('a', { latestTurnId: 'u' })
    lanes.update('b', { latestTurnId: 'u' })
    turns.upsert({ ...end, threadId: 'b', status: 'started' })
    turns.upsert({ ...end, threadId: 'b', reason })
    turns.upsert({ ...end, threadId: 'c', reason: null })
    lanes.update('c', { latestTurnId: 'u' })
    expect(order()).toEqual(['b', 'a', 'd', 'c'])
    expect(lanes.cut(1)).toMatchObject([{ lane: { threadId: 'a', settings: {} }, reason }])
    expect([cut(), lanes.countCut()]).toEqual([['a', 'b'], 2])
    // Codex tells its end after all; another turn; archived.
    turns.upsert({ threadId: 'b', id: 'u', status: 'completed', reason: null })
    expect([order(), cut()]).toEqual([['a', 'd', 'c', 'b'], ['a']])
    lanes.update('a', { latestTurnId: 'v' })
    expect([order(), cut()]).toEqual([['d', 'c', 'b', 'a'], []])
    lanes.update('a', { latestTurnId: 'u' })
    lanes.update('a', { status: 'archived', archivedAt: 5 })
    expect([order(), cut(), lanes.countCut()]).toEqual([['d', 'c', 'b'], [], 0])
  })

  it('filters by status and leaves archived lanes out unless asked', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    insertLane(temp.store, 'a', { status: 'busy', activeTurnId: 'u' })
    insertLane(temp.store, 'b', { status: 'archived', archivedAt: 3 })
    insertLane(temp.store, 'c')
    expect(ids(lanes.list({ limit: 9 }).lanes)).toEqual(['c', 'a'])
    expect(ids(lanes.list({ limit: 9, includeArchived: true }).lanes)).toEqual(['c', 'b', 'a'])
    expect(ids(lanes.list({ limit: 9, status: 'archived' }).lanes)).toEqual(['b'])
    expect(ids(lanes.list({ limit: 9, status: 'busy' }).lanes)).toEqual(['a'])
    expect(lanes.counts()).toMatchObject({ busy: 1, idle: 1, archived: 0 })
    expect(lanes.open()).toContainEqual({
      threadId: 'a',
      activeTurnId: 'u',
      status: 'busy',
      ephemeral: false,
      source: 'own',
    })
    expect(lanes.open()).toHaveLength(2)
  })

  it('counts the lanes for which messages wait, and gives those that hold them', () => {
    using temp = makeTempStore()
    const { lanes, deliveries } = temp.store
    expect(lanes.queues()).toEqual({ lanes: 0, held: 0 })
    insertLane(temp.store, 'a', { held: true })
    insertLane(temp.store, 'b', { held: true })
    insertLane(temp.store, 'c')
    insertLane(temp.store, 'd', { held: true, status: 'archived', archivedAt: 3 })
    insertLane(temp.store, 'e', { held: true })
    for (const [id, lane] of Object.entries({ q1: 'b', q2: 'b', q3: 'c', q4: 'd' })) {
      deliveries.enqueue(deliveryRow(id, lane, { state: 'queued' }))
    }
    deliveries.insert(deliveryRow('left', 'e', { state: 'submitting' }))
    expect(lanes.queues()).toEqual({ lanes: 2, held: 1 })
    expect(ids(lanes.holding(9))).toEqual(['b'])
    deliveries.enqueue(deliveryRow('q5', 'a', { state: 'queued' }))
    expect(lanes.queues()).toEqual({ lanes: 3, held: 2 })
    expect(ids(lanes.holding(9))).toEqual(['a', 'b'])
    expect(ids(lanes.holding(1))).toEqual(['a'])
    deliveries.update('q5', { state: 'cancelled' })
    expect(lanes.queues()).toEqual({ lanes: 2, held: 1 })
  })

  it('counts what is committed, before and after a change that is rolled back', () => {
    using temp = makeTempStore()
    const { lanes } = temp.store
    insertLane(temp.store, 'a')
    expect(lanes.counts()).toMatchObject({ idle: 1, busy: 0 })
    expect(() =>
      temp.store.transaction(() => {
        lanes.update('a', { status: 'busy' })
        expect(lanes.counts()).toMatchObject({ idle: 0, busy: 1 })
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(lanes.counts()).toMatchObject({ idle: 1, busy: 0 })
    lanes.update('a', { status: 'busy' })
    insertLane(temp.store, 'b')
    expect(lanes.counts()).toMatchObject({ idle: 1, busy: 1 })
  })
})

it('the lanes of agents in a registry of before know what they come from', () => {
  using folder = makeTempFolder()
  const before = migrations.slice(0, migrations.indexOf(laneRoots))
  const { db: old } = openDatabase({ file: folder.file, migrations: before })
  const insert = old.prepare(
    `insert into lanes (threadId, parentId, ref, name, handle, title, callId, source, cwd, status,
       ephemeral, settings, held, stalled, createdAt, updatedAt)
     values (@id, @parent, @id, @id, @id, @id, @id, 'own', '/', 'idle', 0, '{}', 0, 0, 1, 1)`,
  )
  const parents = { top: null, a: 'top', b: 'a', c: 'b', orphan: 'gone', d: 'orphan' }
  const takeRef = old.prepare('insert into refs (ref, threadId) values (@id, @id)')
  for (const [id, parent] of Object.entries(parents)) {
    takeRef.run({ id })
    insert.run({ id, parent })
  }
  old.close()
  using store = openStore({ file: folder.file })
  const roots = Object.keys(parents).map((id) => store.lanes.get(id)?.rootId)
  expect(roots).toEqual([null, 'top', 'top', 'top', 'gone', 'gone'])
  expect(store.lanes.below('top')).toBe(3)
})
