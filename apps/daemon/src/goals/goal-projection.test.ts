import { describe, expect, it } from 'vitest'
import { goalFact, goalRow, laneRow } from '../../test/bench.ts'
import { goalToProjection } from './goal-projection.ts'

const state = (goal: ReturnType<typeof goalRow> | null) => ({ lane: laneRow('t'), goal, at: 9 })

describe('a goal that Codex tells of', () => {
  it('is news when it is new, changed or cleared', () => {
    const fresh = goalToProjection(state(null), goalFact())
    expect(fresh.goal).toMatchObject({ threadId: 't', status: 'active', heardAt: 9 })
    expect(fresh.events).toMatchObject([{ type: 'goal.changed', data: { from: null } }])
    const done = goalToProjection(state(goalRow('t')), goalFact({ status: 'complete' }))
    expect(done.events).toMatchObject([{ data: { from: 'active', status: 'complete' } }])
    const cleared = goalToProjection(state(goalRow('t')), null)
    expect(cleared).toMatchObject({ goal: null, events: [{ data: { status: null } }] })
  })

  it('is no news when it only counts, and is kept', () => {
    const counted = goalToProjection(state(goalRow('t')), goalFact({ tokensUsed: 7 }))
    expect(counted).toMatchObject({ goal: { tokensUsed: 7, heardAt: 9 }, events: [] })
    expect(goalToProjection(state(null), null)).toEqual({ events: [] })
  })

  it.each(['active', 'paused'] as const)('keeps what it is paused for while it is %s', (status) => {
    const before = goalRow('t', { pausedFor: 'down' })
    expect(goalToProjection(state(before), goalFact({ status })).goal?.pausedFor).toBe('down')
  })

  it.each(['complete', 'blocked', 'usageLimited', 'budgetLimited'] as const)(
    'is owed nothing once it is %s',
    (status) => {
      const before = goalRow('t', { pausedFor: 'message' })
      expect(goalToProjection(state(before), goalFact({ status })).goal?.pausedFor).toBeNull()
    },
  )
})
