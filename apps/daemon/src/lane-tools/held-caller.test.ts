import { describe, expect, it } from 'vitest'
import type { Call } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { makeHeldCaller } from './held-caller.ts'

const laneOf = (threadId: string, source: LaneRow['source']): LaneRow =>
  ({ threadId, source }) as LaneRow
const lanes = [laneOf('own', 'own'), laneOf('attached', 'attached')]
const get = (id: string): LaneRow | null => lanes.find(({ threadId }) => threadId === id) ?? null

const held = makeHeldCaller({
  store: { lanes: { get } as Store['lanes'] },
  laneAbove: async (threadId) => get(threadId.replace('sub of ', '')),
})
const of = async (caller: Call['caller'], threadId: string | null) =>
  (await held({ caller, threadId } as Call))?.threadId ?? null

describe('a call is held', () => {
  it('to the own lane that it comes from, or whose sub-agent calls', async () => {
    expect(await of('lane', 'own')).toBe('own')
    expect(await of('mcp', 'own')).toBe('own')
    expect(await of('mcp', 'sub of own')).toBe('own')
  })

  it.each<[Call['caller'], string | null]>([
    ['mcp', null],
    ['mcp', 'none'],
    ['mcp', 'attached'],
    ['mcp', 'sub of attached'],
    ['cli', 'own'],
    ['client', 'own'],
    ['trigger', null],
  ])('to nothing: %s from %s', async (caller, threadId) => {
    expect(await of(caller, threadId)).toBeNull()
  })

  it('not at all where the lane of a tool is gone', async () => {
    await expect(of('lane', 'none')).rejects.toMatchObject({ code: 'not_found' })
  })
})
