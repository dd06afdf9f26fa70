import { describe, expect, it } from 'vitest'
import { fakeClock } from '../clock/fake-clock.ts'
import { type Attempt, attemptToRefusal, type Target } from './bounds.ts'
import { makeMessageRate } from './message-rate.ts'
import { makeWaiting } from './waiting.ts'

const limits = { max_depth: 2, max_children: 3, messages_per_minute: 4 }
const target: Target = { threadId: 'b', handle: '@b', isOwn: false, isWaiting: false }
const attempt: Attempt = {
  bound: 'reads',
  caller: { threadId: 'a', depth: 0, children: 0 },
  targets: [],
  mode: 'send',
  sends: false,
  waits: false,
  messages: 0,
}
const judge = (more: Partial<Attempt>) => attemptToRefusal({ ...attempt, ...more }, limits)

describe('the bounds of a call', () => {
  it('leave alone what is within them', () => {
    expect(judge({ targets: [target] })).toBeNull()
    expect(judge({ targets: [{ ...target, threadId: 'a' }] })).toBeNull()
    const caller = { threadId: 'a', depth: 1, children: 2 }
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

it('messages count for a minute, for each lane by itself', () => {
  const clock = fakeClock()
  const rate = makeMessageRate(clock)
  rate.add('a')
  clock.advance(30_000)
  rate.add('a')
  rate.add('b')
  expect([rate.count('a'), rate.count('b')]).toEqual([2, 1])
  clock.advance(30_000)
  expect([rate.count('a'), rate.count('b')]).toEqual([1, 1])
  clock.advance(30_000)
  expect(rate.count('a')).toBe(0)
})

it('waiting is seen through others, and ends', () => {
  const waiting = makeWaiting()
  const first = waiting.begin('a', ['b'])
  waiting.begin('b', ['c', 'd'])
  waiting.begin('d', ['b'])
  expect([waiting.isFor('a', 'c'), waiting.isFor('a', 'a'), waiting.isFor('b', 'b')]).toEqual([
    true,
    false,
    true,
  ])
  first[Symbol.dispose]()
  expect(waiting.isFor('a', 'c')).toBe(false)
})
