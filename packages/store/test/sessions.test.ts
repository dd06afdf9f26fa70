import { describe, expect, it } from 'vitest'
import type { SyncRow } from '../src/index.ts'
import { deliveryRow } from '../src/testing/rows.ts'
import { insertLane, makeTempStore } from './temp-store.ts'

const sync = (threadId: string, part: Partial<SyncRow> = {}): SyncRow => ({
  threadId,
  state: 'partial',
  syncedAt: 5,
  path: '/r.jsonl',
  position: { device: 1, inode: 2, size: 9, offset: 8, whole: false, head: 'h', anchor: 'a' },
  latestEventAt: 4,
  latestTurnId: 'u',
  preview: 'p',
  model: 'm',
  error: null,
  ...part,
})

describe('syncs', () => {
  it('keeps every field, and the last one of a lane', () => {
    using temp = makeTempStore()
    insertLane(temp.store, 't1')
    expect(temp.store.syncs.get('t1')).toBeNull()
    temp.store.syncs.put(sync('t1'))
    expect(temp.store.syncs.get('t1')).toEqual(sync('t1'))
    const later = sync('t1', { state: 'error', position: null, error: 'gone' })
    temp.store.syncs.put(later)
    expect(temp.store.syncs.get('t1')).toEqual(later)
  })
})

describe('forgetting', () => {
  it('takes a lane and all that refers to it, and no other lane', () => {
    using temp = makeTempStore()
    const { store } = temp
    for (const id of ['t1', 't2']) {
      insertLane(store, id)
      store.syncs.put(sync(id))
      store.turns.upsert({ threadId: id, id: 'u', status: 'completed' })
      store.deliveries.insert(deliveryRow(`d-${id}`, id))
    }
    expect(store.forgetting.dependents('t1')).toMatchObject({ deliveries: 1, turns: 1, syncs: 1 })
    store.transaction(() => store.forgetting.forget('t1'))
    expect(store.lanes.get('t1')).toBeNull()
    expect(store.syncs.get('t1')).toBeNull()
    expect(store.deliveries.get('d-t1')).toBeNull()
    expect(store.lanes.get('t2')).not.toBeNull()
    expect(store.deliveries.get('d-t2')).not.toBeNull()
    expect(store.forgetting.dependents('t2')).toMatchObject({ deliveries: 1 })
  })

  it('gives a lane that comes back the ref that it had', () => {
    using temp = makeTempStore()
    const { ref } = insertLane(temp.store, 't1')
    temp.store.forgetting.forget('t1')
    expect(insertLane(temp.store, 't1').ref).toBe(ref)
  })
})
