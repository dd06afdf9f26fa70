import { describe, expect, it } from 'vitest'
import { addLane, deliveryRow, goalRow, makeBench } from '../../test/bench.ts'
import { isGoalOpen, isGoalTurn, openGoalRefusalOf } from './goal-turn.ts'

const user = { threadId: 't', turnId: 'u', id: 'i', type: 'userMessage', text: 'hi' }

describe('the turn of a goal', () => {
  it('is one that nobody sent anything to', () => {
    using bench = makeBench()
    const { store } = bench
    const lane = addLane(store, 't', { activeTurnId: 'u' })
    store.turns.upsert({ threadId: 't', id: 'u', status: 'started' })
    expect(isGoalTurn(store, lane)).toBe(false)
    store.goals.put(goalRow('t'))
    expect(isGoalTurn(store, lane)).toBe(true)
    expect(isGoalTurn(store, { ...lane, activeTurnId: null })).toBe(false)
    store.deliveries.insert(deliveryRow('d', 't'))
    expect(isGoalTurn(store, lane)).toBe(false)
    store.deliveries.update('d', { state: 'accepted', turnId: 'u' })
    expect(isGoalTurn(store, lane)).toBe(false)
  })

  it('is not one of a person at another client', () => {
    using bench = makeBench()
    const { store } = bench
    const lane = addLane(store, 't', { activeTurnId: 'u' })
    store.goals.put(goalRow('t'))
    store.items.upsert({ ...user, status: null, startedAt: 1, completedAt: 1 })
    expect(isGoalTurn(store, lane)).toBe(false)
  })
})

describe('an open goal', () => {
  it.each([
    [{ status: 'active' }, true],
    [{ status: 'paused', pausedFor: 'message' }, true],
    [{ status: 'paused', pausedFor: 'down' }, true],
    [{ status: 'paused', pausedFor: 'new' }, false],
    [{ status: 'paused' }, false],
    [{ status: 'complete' }, false],
  ] as const)('%j: %s', (part, expected) => {
    using bench = makeBench()
    const { store } = bench
    const lane = addLane(store, 't')
    expect(isGoalOpen(store, 't')).toBe(false)
    store.goals.put(goalRow('t', part))
    expect(isGoalOpen(store, 't')).toBe(expected)
    expect(openGoalRefusalOf(store, lane, 'again')?.code).toBe(expected ? 'lane_busy' : undefined)
  })
})
