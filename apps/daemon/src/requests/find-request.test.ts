import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { addLane, type Bench, makeBench, requestAsk, requestRow } from '../../test/bench.ts'
import { requestOf } from './find-request.ts'

const idOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** The id of a call that was made at that time. */
const callAt = (ms: number) => {
  const time = ms.toString(16).padStart(12, '0')
  return { id: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000` }
}

const finderOf = ({ store }: Bench) => ({
  store,
  named: (selector: string) => {
    const lane = store.lanes.byLiveHandle(selector)
    if (lane) return lane
    const isTwice = selector === 'twins'
    throw new DispatchError(isTwice ? 'validation' : 'not_found', `no lane ${selector}`)
  },
})

const refusalOf = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return null
}

describe('a request that is named by its lane', () => {
  it('is the only one that it waits for, asked by a sub-agent of it too', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    addLane(bench.store, 'other')
    bench.store.requests.insert(requestRow(idOf(1), { laneId: 't', state: 'answered' }))
    bench.store.requests.insert(requestRow(idOf(2), { laneId: 't', threadId: 'sub-agent' }))
    bench.store.requests.insert(requestRow(idOf(3), { laneId: 'other' }))
    expect(requestOf(finderOf(bench), '@t').id).toBe(idOf(2))
    // What is an id is never a lane.
    addLane(bench.store, 'third', { handle: idOf(1) })
    expect(requestOf(finderOf(bench), idOf(1)).id).toBe(idOf(1))
  })

  it('is one of several: they are listed with their ids and what they ask', () => {
    using bench = makeBench()
    const { ref } = addLane(bench.store, 't')
    for (const n of [1, 2]) {
      const ask = requestAsk({ summary: `touch ${n}` })
      bench.store.requests.insert(requestRow(idOf(n), { laneId: 't', ask }))
    }
    expect(refusalOf(() => requestOf(finderOf(bench), '@t'))).toMatchObject({
      code: 'validation',
      message: '@t asks 2 things: name one by its id.',
      hint: `dispatch request list --lane ${ref}`,
      details: {
        candidates: [
          { id: idOf(1), state: 'pending', summary: 'touch 1' },
          { id: idOf(2), state: 'pending', summary: 'touch 2' },
        ],
      },
    })
  })

  it('is none where it waits for nothing, and where there is no such lane', () => {
    using bench = makeBench()
    const { ref } = addLane(bench.store, 't')
    bench.store.requests.insert(requestRow(idOf(1), { laneId: 't', state: 'answered' }))
    expect(refusalOf(() => requestOf(finderOf(bench), '@t'))).toMatchObject({
      code: 'not_found',
      message: '@t asks nothing now.',
      hint: `dispatch request list --lane ${ref} --state all`,
    })
    expect(refusalOf(() => requestOf(finderOf(bench), '@none'))).toMatchObject({
      code: 'not_found',
      message: 'There is no request "@none".',
    })
    expect(refusalOf(() => requestOf(finderOf(bench), 'twins'))).toMatchObject({
      code: 'validation',
      message: 'no lane twins',
    })
  })

  it('is not answered by a call that was made before it was asked', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.requests.insert(requestRow(idOf(1), { laneId: 't', createdAt: 1_000 }))
    const finder = finderOf(bench)
    expect(refusalOf(() => requestOf(finder, '@t', callAt(999)))).toMatchObject({
      code: 'conflict',
      hint: `dispatch request get ${idOf(1)}`,
    })
    expect(requestOf(finder, '@t', callAt(1_000)).id).toBe(idOf(1))
    expect(requestOf(finder, '@t').id).toBe(idOf(1))
    expect(requestOf(finder, idOf(1), callAt(999)).id).toBe(idOf(1))
  })
})
