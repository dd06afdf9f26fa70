import { describe, expect, it } from 'vitest'
import { openStore } from '../src/index.ts'
import { makeTempFolder, makeTempStore } from './temp-store.ts'

const event = (key: string | null, part: { threadId?: string | null; at?: number } = {}) => ({
  at: 1,
  threadId: 't',
  type: 'item.completed' as const,
  key,
  data: { key },
  ...part,
})

describe('events', () => {
  it('appends an event of a natural key once', () => {
    using temp = makeTempStore()
    const { events } = temp.store
    expect(events.firstSeq()).toBe(1)
    expect(events.append(event('u/i'))).toBe(1)
    expect(events.append(event('u/i'))).toBeNull()
    expect(events.append({ ...event('u/i'), type: 'item.started' })).toBe(2)
    expect(events.append(event('u/i', { threadId: 'x' }))).toBe(3)
    expect(events.append(event('u/i', { threadId: null }))).toBe(4)
    expect(events.append(event('u/i', { threadId: null }))).toBeNull()
    expect(events.append(event(null))).toBe(5)
    expect(events.append(event(null))).toBe(6)
    expect(events.lastSeq()).toBe(6)
  })

  it('gives a number again when its transaction was rolled back', () => {
    using temp = makeTempStore()
    const { store } = temp
    const fail = () =>
      store.transaction(() => {
        store.events.append(event('a'))
        throw new Error('no')
      })
    expect(fail).toThrow('no')
    expect(store.events.append(event('b'))).toBe(1)
  })

  it('reads pages by thread and type, and moves on where a filter passes all by', () => {
    using temp = makeTempStore()
    const { store } = temp
    store.transaction(() => {
      for (let n = 1; n <= 12_000; n += 1) {
        store.events.append(event(`${n}`, { threadId: n % 4_000 === 0 ? 'rare' : 't' }))
      }
    })
    const read = (query: Parameters<typeof store.events.readAfter>[0]) => {
      const page = store.events.readAfter(query)
      return [page.rows.map(({ seq }) => seq), page.throughSeq]
    }
    expect(read({ afterSeq: 0, limit: 2 })).toEqual([[1, 2], 2])
    expect(read({ afterSeq: 11_999, limit: 2 })).toEqual([[12_000], 12_000])
    expect(read({ afterSeq: 12_000, limit: 2 })).toEqual([[], 12_000])
    expect(read({ afterSeq: 0, limit: 9, threadIds: ['rare'] })).toEqual([
      [4_000, 8_000, 12_000],
      12_000,
    ])
    expect(read({ afterSeq: 0, limit: 9, threadIds: ['rare', 'x'] })).toEqual([
      [4_000, 8_000],
      10_000,
    ])
    expect(read({ afterSeq: 0, limit: 9, threadIds: [] })).toEqual([[], 10_000])
    expect(read({ afterSeq: 10_000, limit: 9, types: ['gap'] })).toEqual([[], 12_000])
    expect(read({ afterSeq: 0, limit: 2, threadIds: ['rare'], types: ['gap'] })).toEqual([
      [],
      8_000,
    ])
    expect(store.events.readAfter({ afterSeq: 3, limit: 1 }).rows).toEqual([
      { seq: 4, at: 1, threadId: 't', type: 'item.completed', data: '{"key":"4"}' },
    ])
  })

  it('prunes the bottom by age and by count in slices, never the newest', () => {
    using temp = makeTempStore()
    const { events } = temp.store
    for (let n = 1; n <= 10; n += 1) events.append(event(`${n}`, { at: n === 3 ? 99 : n }))
    const keepAll = { olderThan: 0, maxRows: 100, slice: 4 }
    expect(events.prune(keepAll)).toBe(0)
    // The third is young: what is above it stays, or there would be a hole.
    expect(events.prune({ ...keepAll, olderThan: 6 })).toBe(2)
    expect(events.prune({ ...keepAll, olderThan: 6 })).toBe(0)
    expect(events.firstSeq()).toBe(3)
    expect(events.prune({ ...keepAll, maxRows: 2 })).toBe(4)
    expect(events.prune({ ...keepAll, maxRows: 2 })).toBe(2)
    expect(events.prune({ ...keepAll, maxRows: 2 })).toBe(0)
    expect(events.prune({ ...keepAll, olderThan: 1_000 })).toBe(1)
    expect(events.firstSeq()).toBe(10)
    expect(events.append(event('11'))).toBe(11)
  })
})

describe('epochs and cursors', () => {
  it('resolves cursors of this epoch and of earlier ones', () => {
    using folder = makeTempFolder()
    {
      using store = openStore({ file: folder.file })
      expect(() => store.events.epoch()).toThrow('not begun')
      expect(store.events.beginEpoch()).toEqual({ epoch: 1, firstSeq: 1 })
      for (const key of ['a', 'b', 'c']) store.events.append(event(key))
      expect(store.events.resolve('1.2')).toEqual({ afterSeq: 2, lost: false })
      expect(store.events.resolve('1.4')).toEqual({ afterSeq: 3, lost: true })
    }
    using store = openStore({ file: folder.file })
    const { events } = store
    expect(events.beginEpoch()).toEqual({ epoch: 2, firstSeq: 4 })
    events.append(event('d'))
    expect(events.resolve('0')).toEqual({ afterSeq: 0, lost: false })
    expect(events.resolve('1.3')).toEqual({ afterSeq: 3, lost: false })
    // Power loss took 1.4 and beyond, and 4 was given again.
    expect(events.resolve('1.4')).toEqual({ afterSeq: 3, lost: true })
    expect(events.resolve('2.4')).toEqual({ afterSeq: 4, lost: false })
    expect(events.resolve('3.1')).toEqual({ afterSeq: 1, lost: true })
    expect(events.resolve('3.9')).toEqual({ afterSeq: 3, lost: true })
    for (const bad of ['', 'x', '1', '1.', '.1', '-1.2', '1.2.3', '1.2 ']) {
      expect(events.resolve(bad)).toBeNull()
    }
  })
})
