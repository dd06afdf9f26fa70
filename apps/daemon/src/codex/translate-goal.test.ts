import { describe, expect, it } from 'vitest'
import { goalToFact } from './translate-goal.ts'
import { notificationToFact } from './translate-notification.ts'

const goal = {
  threadId: 't',
  objective: 'ship',
  status: 'budgetLimited',
  tokenBudget: null,
  tokensUsed: 12,
  timeUsedSeconds: 3,
  createdAt: 1_795_237_793,
  updatedAt: 1_795_237_794,
}

describe('goals of Codex', () => {
  it('have their times in milliseconds', () => {
    expect(goalToFact(goal)).toEqual({
      objective: 'ship',
      status: 'budgetLimited',
      tokenBudget: null,
      tokensUsed: 12,
      timeUsedSeconds: 3,
      createdAt: 1_795_237_793_000,
      updatedAt: 1_795_237_794_000,
    })
  })

  it('are none where a status is not known, or nothing is there', () => {
    expect(goalToFact({ ...goal, status: 'dreaming' })).toBeNull()
    expect(goalToFact(null)).toBeNull()
  })

  it('are told by notifications', () => {
    const updated = { method: 'thread/goal/updated', params: { threadId: 't', turnId: null, goal } }
    expect(notificationToFact(updated)).toMatchObject({ kind: 'goal', goal: { objective: 'ship' } })
    const cleared = { method: 'thread/goal/cleared', params: { threadId: 't' } }
    expect(notificationToFact(cleared)).toEqual({ kind: 'goal', threadId: 't', goal: null })
  })
})
