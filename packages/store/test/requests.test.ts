import { describe, expect, it } from 'vitest'
import type { RequestRow } from '../src/index.ts'
import { requestRow } from '../src/testing/rows.ts'
import { insertLane, makeTempStore } from './temp-store.ts'

const row = (id: string, part: Partial<RequestRow> = {}): RequestRow =>
  requestRow(id, { laneId: 't', server: { pid: 1, startedAt: 2 }, ...part })

describe('requests', () => {
  it('keeps every field, and what changes', () => {
    using temp = makeTempStore()
    const { requests } = temp.store
    insertLane(temp.store, 't')
    requests.insert(row('01a'))
    expect(requests.get('01a')).toEqual(row('01a'))
    requests.update('01a', { state: 'answered', decision: 'deny', answeredBy: 'cli', closedAt: 9 })
    expect(requests.get('01a')).toMatchObject({ state: 'answered', decision: 'deny', closedAt: 9 })
    expect(requests.update('none', { state: 'lost' })).toBe(false)
    expect(requests.get('none')).toBeNull()
  })

  it('counts and lists what is pending, of a lane and of all, threads of no lane too', () => {
    using temp = makeTempStore()
    const { requests } = temp.store
    insertLane(temp.store, 't')
    expect(requests.countPending('t')).toBe(0)
    requests.insert(row('01b'))
    requests.insert(row('01a'))
    requests.insert(row('01c', { laneId: null, threadId: 'stranger' }))
    requests.insert(row('01d', { state: 'lost' }))
    expect(requests.pending().map(({ id }) => id)).toEqual(['01a', '01b', '01c'])
    expect(requests.pending('t').map(({ id }) => id)).toEqual(['01a', '01b'])
    expect([requests.countPending(), requests.countPending('t')]).toEqual([3, 2])
    requests.update('01a', { state: 'answered' })
    expect([requests.countPending(), requests.countPending('t')]).toEqual([2, 1])
    expect(requests.countPending('other')).toBe(0)
  })

  it('finds by the beginning of an id and by the id of the protocol', () => {
    using temp = makeTempStore()
    const { requests } = temp.store
    insertLane(temp.store, 't')
    for (const id of ['01a1', '01a2', '01b1']) requests.insert(row(id))
    expect(requests.byIdPrefix('01a', 9).map(({ id }) => id)).toEqual(['01a2', '01a1'])
    expect(requests.byIdPrefix('01a', 1)).toHaveLength(1)
    expect(requests.byIdPrefix('02', 9)).toEqual([])
    expect(requests.ofThread('t', '0', 9)).toHaveLength(3)
    expect(requests.ofThread('t', '"0"', 9)).toEqual([])
  })

  it('lists pages, newest first', () => {
    using temp = makeTempStore()
    const { requests } = temp.store
    insertLane(temp.store, 't')
    insertLane(temp.store, 'x')
    for (const id of ['01', '02', '03']) requests.insert(row(id))
    requests.insert(row('04', { laneId: 'x', state: 'expired' }))
    const ids = (query: Parameters<typeof requests.list>[0]) => {
      const page = requests.list(query)
      return [page.requests.map(({ id }) => id), page.nextCursor]
    }
    expect(ids({ limit: 2 })).toEqual([['04', '03'], '03'])
    expect(ids({ limit: 2, cursor: '03' })).toEqual([['02', '01'], null])
    expect(ids({ limit: 9, laneId: 'x' })).toEqual([['04'], null])
    expect(ids({ limit: 9, state: 'pending', laneId: 't' })).toEqual([['03', '02', '01'], null])
  })

  it('goes with its lane, and with time once it has ended', () => {
    using temp = makeTempStore()
    const { requests, forgetting } = temp.store
    insertLane(temp.store, 't')
    requests.insert(row('01'))
    requests.insert(row('02', { state: 'answered', closedAt: 5, laneId: null }))
    expect(requests.prune({ olderThan: 5, slice: 9 })).toBe(0)
    expect(requests.prune({ olderThan: 6, slice: 9 })).toBe(1)
    expect(forgetting.dependents('t')['requests']).toBe(1)
    forgetting.forget('t')
    expect(requests.get('01')).toBeNull()
  })
})
