import type { TailEvent, TailResult, Tracked, TranscriptItem } from '@dispatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bench, call, laneRow, makeBench } from '../../test/bench.ts'
import { followTail } from './tail-follow.ts'

const item = (index: number, type = 'agentMessage'): TranscriptItem => ({
  id: `i${index}`,
  turnId: 'u',
  type,
  text: '',
  status: null,
  startedAt: null,
  completedAt: null,
})

const complete = (bench: Bench, index: number, type?: string): void =>
  bench.events.commit((tx) => {
    const key = `u/i${index}`
    tx.append({ threadId: 't', type: 'item.completed', key, data: { ...item(index, type) } })
  })

const endTurn = (bench: Bench): void =>
  bench.events.commit((tx) => {
    const error = { message: 'broke', kind: 'other', httpStatus: null }
    tx.append({ threadId: 't', type: 'turn.failed', key: 'u', data: { turnId: 'u', error } })
  })

/** Follows to the end of the turn. */
const follow = async (
  bench: Bench,
  past: (limit: number) => TranscriptItem[] | Promise<TranscriptItem[]>,
  given: { types?: string[]; after?: string } = {},
): Promise<Tracked<TailEvent>[]> => {
  const abort = new AbortController()
  const tail = async (_lane: unknown, { limit = 50 }) =>
    ({ items: await past(limit) }) as TailResult
  const request = {
    input: { lane: 't', limit: 50, ...(given.types ? { types: given.types } : {}) },
    call: call({ signal: abort.signal, after: given.after ?? null }),
  }
  const seen: Tracked<TailEvent>[] = []
  for await (const event of followTail({ events: bench.events, tail }, laneRow('t'), request)) {
    // Only where the stream stands.
    if (event.data === null) continue
    seen.push(event)
    if (event.data.kind === 'turn') abort.abort()
  }
  return seen
}

const idsOf = (seen: Tracked<TailEvent>[]) =>
  seen.map(({ data }) => {
    if (data.kind === 'item') return data.item.id
    return data.kind === 'turn' ? data.status : data.message
  })

describe('following a tail', () => {
  it('has no hole and no repeat where past and present meet', async () => {
    const count = 12
    const cut = fc.integer({ min: 0, max: count })
    await fc.assert(
      fc.asyncProperty(cut, cut, cut, async (one, other, third) => {
        using bench = makeBench()
        // Completed before the call, while the past is read, seen by the past, and after.
        const [before, seenByPast, during] = [one, other, third].toSorted((a, b) => a - b) as [
          number,
          number,
          number,
        ]
        for (let index = 0; index < before; index += 1) complete(bench, index)
        const seen = await follow(bench, async () => {
          for (let index = before; index < during; index += 1) complete(bench, index)
          const past = Array.from({ length: seenByPast }, (_, index) => item(index))
          setImmediate(() => {
            for (let index = during; index < count; index += 1) complete(bench, index)
            endTurn(bench)
          })
          return past
        })
        const all = Array.from({ length: count }, (_, index) => `i${index}`)
        expect(idsOf(seen)).toEqual([...all, 'failed'])
      }),
      { numRuns: 25 },
    )
  })

  it('tells how the turn ended, with cursors on what is live alone', async () => {
    using bench = makeBench()
    const seen = await follow(bench, () => {
      complete(bench, 1)
      endTurn(bench)
      return [item(0)]
    })
    expect(seen.map(({ cursor }) => cursor === null)).toEqual([true, false, false])
    expect(seen.at(-1)?.data).toEqual({
      kind: 'turn',
      turnId: 'u',
      status: 'failed',
      message: 'broke',
    })
  })

  it('goes on after a cursor without the past', async () => {
    using bench = makeBench()
    complete(bench, 0)
    const after = bench.events.lastCursor()
    complete(bench, 1)
    endTurn(bench)
    const seen = await follow(bench, () => [item(0)], { after })
    expect(idsOf(seen)).toEqual(['i1', 'failed'])
  })

  it('shows only the types that were asked for', async () => {
    using bench = makeBench()
    const seen = await follow(
      bench,
      () => {
        complete(bench, 1, 'plan')
        complete(bench, 2, 'reasoning')
        endTurn(bench)
        return []
      },
      { types: ['plan'] },
    )
    expect(idsOf(seen)).toEqual(['i1', 'failed'])
  })
})
