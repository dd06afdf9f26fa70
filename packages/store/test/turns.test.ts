import { describe, expect, it } from 'vitest'
import { UniqueError } from '../src/index.ts'
import { deliveryRow } from '../src/testing/rows.ts'
import { insertLane, makeTempStore } from './temp-store.ts'

describe('deliveries', () => {
  it('keeps the text until it is accepted, and every other field', () => {
    using temp = makeTempStore()
    const { deliveries } = temp.store
    insertLane(temp.store, 't')
    const row = deliveryRow('d', 't', {
      overrides: { model: 'x' },
      server: { pid: 7, startedAt: 8 },
      rolloutBytes: 0,
    })
    deliveries.insert(row)
    expect(deliveries.get('d')).toEqual(row)
    deliveries.update('d', { state: 'ambiguous', failure: 'why' })
    expect(deliveries.get('d')).toEqual({ ...row, state: 'ambiguous', failure: 'why' })
    deliveries.update('d', { state: 'accepted', acceptedAt: 4, failure: null, turnId: 'u' })
    expect(deliveries.get('d')).toMatchObject({ text: '', textLength: 5, acceptedAt: 4 })
    expect(deliveries.ofTurn('t', 'u').map(({ id }) => id)).toEqual(['d'])
    expect(deliveries.overriddenFields('t')).toEqual(['model'])
    expect(deliveries.update('none', { state: 'failed' })).toBe(false)
    expect(() => deliveries.insert(row)).toThrow(UniqueError)
  })

  it('keeps a queue a lane, in its order', () => {
    using temp = makeTempStore()
    const { deliveries } = temp.store
    insertLane(temp.store, 't')
    insertLane(temp.store, 'u')
    const queued = { state: 'queued', createdAt: 5 } as const
    // The clock may go backwards: the order is that of the queueing.
    deliveries.enqueue(deliveryRow('a', 't', { ...queued, createdAt: 9 }))
    deliveries.enqueue(deliveryRow('b', 't', queued))
    deliveries.enqueue(deliveryRow('c', 'u', queued))
    deliveries.insert(deliveryRow('x', 't', { createdAt: 20 }))
    expect(deliveries.queue('t').map(({ id }) => id)).toEqual(['a', 'b'])
    expect(deliveries.unsettled('t').map(({ id }) => id)).toEqual(['x', 'a', 'b'])
    expect(deliveries.lanesWithQueue().toSorted()).toEqual(['t', 'u'])
    deliveries.update('a', { state: 'submitting' })
    expect(deliveries.get('a')).toMatchObject({ text: 'hello', position: null })
    deliveries.enqueue(deliveryRow('d', 't', queued))
    expect(deliveries.queue('t').map(({ id, position }) => [id, position])).toEqual([
      ['b', 2],
      ['d', 3],
    ])
    deliveries.update('d', { position: 1 })
    expect(deliveries.queue('t').map(({ id }) => id)).toEqual(['d', 'b'])
    expect(() => deliveries.enqueue(deliveryRow('d', 't', queued))).toThrow(UniqueError)
    deliveries.putBack({ id: 'a', threadId: 't' }, { attempt: 1, submittedAt: null })
    expect(deliveries.queue('t').map(({ id }) => id)).toEqual(['a', 'd', 'b'])
    expect(deliveries.get('a')).toMatchObject({ text: 'hello', attempt: 1, submittedAt: null })
  })

  it('lists what is not settled, oldest first', () => {
    using temp = makeTempStore()
    const { deliveries } = temp.store
    insertLane(temp.store, 't')
    insertLane(temp.store, 'u')
    deliveries.insert(deliveryRow('c', 't', { createdAt: 1, state: 'queued' }))
    deliveries.insert(deliveryRow('a', 't', { createdAt: 2, state: 'ambiguous' }))
    deliveries.insert(deliveryRow('b', 'u', { createdAt: 1 }))
    deliveries.insert(deliveryRow('x', 't', { state: 'failed' }))
    expect(deliveries.unsettled().map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    expect(deliveries.unsettled('t').map(({ id }) => id)).toEqual(['c', 'a'])
    // The texts of a long queue are megabytes: what is decided by is read without them.
    const { text: _text, ...head } = deliveries.get('b') ?? deliveryRow('b', 'u')
    expect(deliveries.unsettled('u')).toEqual([head])
    expect(deliveries.counts()).toEqual({ queued: 1, submitting: 1, ambiguous: 1 })
    expect(deliveries.ambiguous(9).map(({ id }) => id)).toEqual(['a'])
    expect(deliveries.ambiguous(0)).toEqual([])
  })
})

describe('turns', () => {
  it('writes new ones and only the given fields of known ones', () => {
    using temp = makeTempStore()
    const { turns } = temp.store
    insertLane(temp.store, 't')
    turns.upsert({ threadId: 't', id: 'u1', status: 'started', startedAt: 5, deliveryId: 'd' })
    turns.upsert({ threadId: 't', id: 'u2', status: 'started', startedAt: 6 })
    expect(turns.running().map(({ id }) => id)).toEqual(['u1', 'u2'])
    const error = { message: 'm', kind: 'other', httpStatus: null }
    turns.upsert({ threadId: 't', id: 'u1', status: 'failed', completedAt: 9, error, errorAt: 9 })
    expect(turns.get('t', 'u1')).toEqual({
      threadId: 't',
      id: 'u1',
      status: 'failed',
      startedAt: 5,
      completedAt: 9,
      durationMs: null,
      error,
      errorAt: 9,
      reason: null,
      deliveryId: 'd',
    })
    expect(turns.running().map(({ id }) => id)).toEqual(['u2'])
    expect(turns.latest('t')?.id).toBe('u2')
    expect(turns.latest('x')).toBeNull()
  })
})

describe('items', () => {
  it('numbers items in the order of their first sight and keeps the number', () => {
    using temp = makeTempStore()
    const { items } = temp.store
    insertLane(temp.store, 't')
    const item = (id: string, type: string) => ({
      threadId: 't',
      id,
      turnId: 'u',
      type,
      text: id,
      status: null,
      startedAt: 1,
      completedAt: null,
    })
    items.upsert(item('a', 'userMessage'))
    items.upsert(item('b', 'agentMessage'))
    items.upsert(item('c', 'commandExecution'))
    items.upsert({ ...item('a', 'userMessage'), text: 'A', startedAt: null, completedAt: 3 })
    expect(items.get('t', 'u', 'a')).toMatchObject({ ordinal: 1, text: 'A', startedAt: 1 })
    const list = (query: Parameters<typeof items.list>[1]) =>
      items.list('t', query).map(({ id }) => id)
    expect(list({ limit: 2 })).toEqual(['b', 'c'])
    expect(list({ limit: 2, beforeOrdinal: 3 })).toEqual(['a', 'b'])
    expect(list({ limit: 9, types: ['userMessage', 'commandExecution'] })).toEqual(['a', 'c'])
    expect(list({ limit: 9, types: [] })).toEqual([])
  })

  it('gives no ordinal twice when items are taken back or taken out', () => {
    using temp = makeTempStore()
    insertLane(temp.store, 't')
    const { items } = temp.store
    const rest = { type: 'plan', text: '', status: null, startedAt: 1, completedAt: 2 }
    const put = (id: string, turnId = 'u'): void =>
      items.upsert({ threadId: 't', turnId, id, ...rest })
    put('a')
    const fail = () => {
      put('b')
      throw new Error('no')
    }
    expect(() => temp.store.transaction(fail)).toThrow('no')
    put('c', 'v')
    temp.store.revert('t', ['v'])
    put('d')
    put('a')
    put('e')
    expect(items.list('t', { limit: 9 }).map(({ id }) => id)).toEqual(['a', 'd', 'e'])
  })

  it('tells items of two turns with the same id apart', () => {
    using temp = makeTempStore()
    const { items } = temp.store
    insertLane(temp.store, 't')
    const said = (turnId: string, text: string) =>
      items.upsert({
        threadId: 't',
        turnId,
        id: 'message',
        type: 'agentMessage',
        text,
        status: null,
        startedAt: 1,
        completedAt: 2,
      })
    said('u', 'first')
    said('v', 'second')
    expect(items.get('t', 'u', 'message')).toMatchObject({ ordinal: 1, text: 'first' })
    expect(items.lastOfTurn('t', 'v', 'agentMessage')).toMatchObject({ ordinal: 2, text: 'second' })
  })
})

describe('audit and runtime', () => {
  it('lists the newest rows that fit, oldest first', () => {
    using temp = makeTempStore()
    const { audit } = temp.store
    const add = (at: number, op: string, threadId: string | null) =>
      audit.append({ at, op, threadId, ref: null, actor: 'cli', outcome: 'ok', detail: { at } })
    expect(audit.lastId()).toBe(0)
    add(1, 'send', 't')
    add(2, 'new', null)
    expect(add(3, 'send', 'x')).toMatchObject({ id: 3, detail: { at: 3 } })
    const list = (query: Parameters<typeof audit.list>[0]) => audit.list(query).map(({ id }) => id)
    expect(list({ limit: 2 })).toEqual([2, 3])
    expect(list({ limit: 9, op: 'send' })).toEqual([1, 3])
    expect(list({ limit: 9, threadId: 't', outcome: 'ok' })).toEqual([1])
    expect(list({ limit: 9, sinceMs: 2 })).toEqual([2, 3])
    expect(audit.after(1, 9).map(({ detail }) => detail)).toEqual([{ at: 2 }, { at: 3 }])
    expect(audit.lastId()).toBe(3)
  })

  it('keeps facts by key', () => {
    using temp = makeTempStore()
    const { runtime } = temp.store
    expect(runtime.get('codex')).toBeNull()
    runtime.set('codex', { pid: 1 })
    runtime.set('codex', { pid: 2 })
    expect(runtime.get('codex')).toEqual({ pid: 2 })
    runtime.delete('codex')
    expect(runtime.get('codex')).toBeNull()
  })
})
