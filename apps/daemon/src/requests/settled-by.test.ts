import { describe, expect, it } from 'vitest'
import { endedFact, startedFact } from '../../test/bench.ts'
import { isSettledBy } from './settled-by.ts'

const request = { laneId: 'lane', threadId: 't', turnId: 'u2', itemId: 'i', rpcId: '7' }

describe('a request is settled', () => {
  it('by the end of its turn or of a later one, and not of an earlier one', () => {
    expect(isSettledBy(request, endedFact('t', 'u2'))).toBe(true)
    expect(isSettledBy(request, endedFact('t', 'u3'))).toBe(true)
    expect(isSettledBy(request, endedFact('t', 'u1'))).toBe(false)
    expect(isSettledBy(request, endedFact('x', 'u2'))).toBe(false)
    expect(isSettledBy(request, startedFact('t', 'u2'))).toBe(false)
  })

  it('without a turn by the end of any, where it names an item; else by none', () => {
    expect(isSettledBy({ ...request, turnId: null }, endedFact('t', 'u1'))).toBe(true)
    expect(isSettledBy({ ...request, turnId: null, itemId: null }, endedFact('t', 'u9'))).toBe(
      false,
    )
  })

  it('by the unloading of its thread', () => {
    for (const kind of ['unloaded', 'archived'] as const) {
      expect(isSettledBy(request, { kind, threadId: 't' })).toBe(true)
      expect(isSettledBy(request, { kind, threadId: 'x' })).toBe(false)
    }
    expect(isSettledBy(request, { kind: 'archived', threadId: 'lane' })).toBe(true)
    expect(isSettledBy(request, { kind: 'unloaded', threadId: 'lane' })).toBe(false)
  })

  it('by the word of Codex about its id', () => {
    const resolved = { kind: 'request-resolved', threadId: 't', rpcId: '7' } as const
    expect(isSettledBy(request, resolved)).toBe(true)
    expect(isSettledBy(request, { ...resolved, rpcId: '"7"' })).toBe(false)
    expect(isSettledBy(request, { ...resolved, threadId: 'x' })).toBe(false)
  })
})
