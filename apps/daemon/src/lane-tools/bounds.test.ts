import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeBench } from '../../test/bench.ts'
import { type Attempt, attemptToRefusal, type Target } from './bounds.ts'
import { makeMessageRate } from './message-rate.ts'
import { makeWaiting } from './waiting.ts'

const limits = { max_depth: 2, max_children: 3, max_below: 8, messages_per_minute: 4 }
const target: Target = { threadId: 'b', handle: '@b', isOwn: false, isWaiting: false }
const attempt: Attempt = {
  bound: 'reads',
  caller: { threadId: 'a', depth: 0, children: 0, below: 0 },
  targets: [],
  mode: 'send',
  sends: false,
  waits: false,
  messages: 0,
  isBegun: false,
}
const judge = (more: Partial<Attempt>) => attemptToRefusal({ ...attempt, ...more }, limits)

describe('the bounds of a call', () => {
  it('leave alone what is within them', () => {
    expect(judge({ targets: [target] })).toBeNull()
    expect(judge({ targets: [{ ...target, threadId: 'a' }] })).toBeNull()
    const caller = { threadId: 'a', depth: 1, children: 2, below: 7 }
    expect(judge({ bound: 'makes', caller, sends: true, messages: 3 })).toBeNull()
    expect(judge({ bound: 'own', targets: [{ ...target, isOwn: true }] })).toBeNull()
  })

  it.each<[string, Partial<Attempt>, object]>([
    [
      'depth',
      { bound: 'makes', caller: { ...attempt.caller, depth: 2 } },
      { bound: 'max_depth', limit: 2 },
    ],
    [
      'lanes',
      { bound: 'makes', caller: { ...attempt.caller, children: 3 } },
      { bound: 'max_children', limit: 3 },
    ],
    [
      'lanes of all',
      { bound: 'makes', caller: { ...attempt.caller, below: 8 } },
      { bound: 'max_below', limit: 8 },
    ],
    [
      'messages',
      { bound: 'sends', sends: true, messages: 4 },
      { bound: 'messages_per_minute', limit: 4 },
    ],
    [
      'first messages',
      { bound: 'makes', sends: true, messages: 4 },
      { bound: 'messages_per_minute' },
    ],
    ["another's lane", { bound: 'own', targets: [target] }, { bound: 'own', lane: 'b' }],
    [
      "another's turn",
      { bound: 'sends', sends: true, mode: 'steer', targets: [target] },
      { bound: 'own' },
    ],
  ])('name themselves: %s', (_of, more, details) => {
    const refusal = judge(more)
    expect(refusal).toMatchObject({ code: 'authority', details })
    const { bound } = (refusal?.details ?? {}) as { bound?: string }
    if (bound !== 'own') expect(refusal?.message).toContain(`[lane_tools] ${bound} = `)
  })

  it('count nothing twice where a call is asked again, and hold whom it is done to all the same', () => {
    const caller = { threadId: 'a', depth: 2, children: 3, below: 8 }
    const makes = { bound: 'makes', caller, sends: true, messages: 4 } as const
    expect(judge({ ...makes, isBegun: true })).toBeNull()
    for (const of of [{ bound: 'own' }, { bound: 'sends', sends: true, mode: 'steer' }] as const) {
      const refusal = judge({ ...of, targets: [target], isBegun: true })
      expect(refusal?.details).toEqual({ bound: 'own', lane: 'b' })
    }
  })

  // Agents that make lanes as they like, each of which may be archived meanwhile.
  it('let no tree of lanes grow beyond what may be below one lane', () => {
    const step = fc.record({ by: fc.nat(), archives: fc.boolean() })
    const bounds = fc.record({
      max_depth: fc.integer({ min: 0, max: 4 }),
      max_children: fc.integer({ min: 0, max: 5 }),
      max_below: fc.integer({ min: 0, max: 12 }),
      messages_per_minute: fc.constant(1),
    })
    fc.assert(
      fc.property(bounds, fc.array(step, { maxLength: 60 }), (limits, steps) => {
        const lanes = [{ id: 0, parent: -1, depth: 0, isLive: true }]
        for (const { by, archives } of steps) {
          const caller = lanes[by % lanes.length]
          if (!caller) continue
          if (archives && caller.id > 0) caller.isLive = false
          if (!caller.isLive) continue
          const live = lanes.filter(({ id, isLive }) => id > 0 && isLive)
          const children = live.filter(({ parent }) => parent === caller.id).length
          const standing = { threadId: `${caller.id}`, depth: caller.depth, children }
          const refusal = attemptToRefusal(
            { ...attempt, bound: 'makes', caller: { ...standing, below: live.length } },
            limits,
          )
          const isWithin =
            caller.depth < limits.max_depth &&
            children < limits.max_children &&
            live.length < limits.max_below
          expect(refusal === null).toBe(isWithin)
          if (refusal) continue
          lanes.push({ id: lanes.length, parent: caller.id, depth: caller.depth + 1, isLive: true })
        }
        const made = lanes.filter(({ id, isLive }) => id > 0 && isLive)
        expect(made.length).toBeLessThanOrEqual(limits.max_below)
      }),
    )
  })

  it('keep a lane from itself, and two from waiting for each other', () => {
    const itself = { ...target, threadId: 'a' }
    expect(judge({ bound: 'waits', waits: true, targets: [itself] })).toMatchObject({
      code: 'validation',
    })
    expect(judge({ bound: 'sends', sends: true, targets: [itself] })).toMatchObject({
      code: 'validation',
    })
    const waiting = { ...target, isWaiting: true }
    expect(judge({ bound: 'waits', waits: true, targets: [waiting] })).toMatchObject({
      details: { bound: 'waits', lane: 'b' },
    })
    expect(judge({ bound: 'sends', sends: true, targets: [waiting] })).toBeNull()
  })
})

it('messages count for a minute, for each lane by itself, and each once', () => {
  using bench = makeBench()
  const { clock } = bench
  const rate = makeMessageRate(bench)
  rate.add('a', '1')
  clock.advance(30_000)
  for (const callId of ['2', '2', '1']) rate.add('a', callId)
  rate.add('b', '3')
  const count = (threadId: string) => rate.count(threadId, 'another')
  expect([count('a'), rate.count('a', '2'), count('b')]).toEqual([2, 1, 1])
  clock.advance(30_000)
  expect([count('a'), count('b')]).toEqual([1, 1])
  clock.advance(30_000)
  expect(count('a')).toBe(0)
})

it('waiting is seen through others, and ends', () => {
  const waiting = makeWaiting()
  const first = waiting.begin('a', () => ['b'])
  waiting.begin('b', () => ['c', 'd'])
  waiting.begin('d', () => ['b'])
  expect([waiting.isFor('a', 'c'), waiting.isFor('a', 'a'), waiting.isFor('b', 'b')]).toEqual([
    true,
    false,
    true,
  ])
  first[Symbol.dispose]()
  expect(waiting.isFor('a', 'c')).toBe(false)
})

it('waiting for a lane in the making is seen when it is there', () => {
  const waiting = makeWaiting()
  const made: string[] = []
  waiting.begin('a', () => made)
  expect(waiting.isFor('a', 'b')).toBe(false)
  made.push('b')
  expect(waiting.isFor('a', 'b')).toBe(true)
})
