import { describe, expect, it } from 'vitest'
import type { GoalRow } from '../src/index.ts'
import { insertLane, makeTempStore } from './temp-store.ts'

const goal = (threadId: string, part: Partial<GoalRow> = {}): GoalRow => ({
  threadId,
  objective: 'ship',
  status: 'paused',
  tokenBudget: 5,
  tokensUsed: 1,
  timeUsedSeconds: 2.5,
  createdAt: 1,
  updatedAt: 2,
  heardAt: 3,
  pausedFor: null,
  ...part,
})

describe('goals', () => {
  it('keeps every field, and the last one of a lane', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 't1')
    expect(store.goals.get('t1')).toBeNull()
    store.goals.put(goal('t1'))
    expect(store.goals.get('t1')).toEqual(goal('t1'))
    const later = goal('t1', { objective: 'rest', tokenBudget: null, pausedFor: 'down' })
    store.goals.put(later)
    expect(store.goals.get('t1')).toEqual(later)
  })

  it('marks and removes those that are there', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 't1')
    expect(store.goals.setPausedFor('t1', 'message')).toBe(false)
    store.goals.put(goal('t1'))
    expect(store.goals.setPausedFor('t1', 'message')).toBe(true)
    expect(store.goals.get('t1')?.pausedFor).toBe('message')
    expect(store.goals.remove('t1')).toBe(true)
    expect(store.goals.remove('t1')).toBe(false)
  })

  it('finds those that are active or owed an activation, and none of archived lanes', () => {
    using temp = makeTempStore()
    const { store } = temp
    for (const id of ['a', 'b', 'c', 'd']) insertLane(store, id)
    store.goals.put(goal('a', { status: 'active' }))
    store.goals.put(goal('b', { pausedFor: 'down' }))
    store.goals.put(goal('c'))
    store.goals.put(goal('d', { status: 'active' }))
    store.lanes.update('d', { archivedAt: 1 })
    const ids = (rows: GoalRow[]) => rows.map(({ threadId }) => threadId).toSorted()
    expect(ids(store.goals.open())).toEqual(['a', 'b'])
    expect(ids(store.goals.live())).toEqual(['a', 'b', 'c'])
  })

  it('goes with its lane', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 'a')
    store.goals.put(goal('a'))
    expect(store.forgetting.dependents('a')).toMatchObject({ goals: 1 })
    store.transaction(() => store.forgetting.forget('a'))
    expect(store.goals.get('a')).toBeNull()
  })
})
