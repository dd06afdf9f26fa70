import { describe, expect, it } from 'vitest'
import { TriggerAddInput, TriggerEditInput } from './ops.ts'

const added = { name: 't', lane: '@a', when: 'interval', action: 'send', text: 'hi' }

describe('the seconds of a trigger', () => {
  it.each([0.0001, 0.999, 0, -1])('%d is too short', (seconds) => {
    expect(TriggerAddInput.safeParse({ ...added, seconds }).success).toBe(false)
    expect(TriggerEditInput.safeParse({ trigger: 't', seconds }).success).toBe(false)
  })

  it.each([1, 1.5, 31_622_400])('%d will do', (seconds) => {
    expect(TriggerAddInput.safeParse({ ...added, seconds }).success).toBe(true)
    expect(TriggerEditInput.safeParse({ trigger: 't', seconds }).success).toBe(true)
  })
})
