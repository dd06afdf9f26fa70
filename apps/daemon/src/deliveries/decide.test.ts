import fc from 'fast-check'
import { bounds } from '@dispatch/contract/bounds'
import { describe, expect, it } from 'vitest'
import { deliveryRow, laneRow } from '../../test/bench.ts'
import {
  decideEnqueue,
  decideRoom,
  decideSend,
  decideSteer,
  judge,
  judgeContext,
} from './decide.ts'

describe('whether a message may be sent', () => {
  it('may, on an idle lane of ours, whatever became of the last turn', () => {
    for (const status of ['idle', 'error', 'unknown'] as const)
      expect(decideSend(laneRow('t', { status, held: true }), [])).toBeNull()
  })

  it.each([
    ['archived', { archivedAt: 1 }, [], 'validation', 'restore'],
    ['attached', { source: 'attached' as const }, [], 'authority', 'adopt'],
    ['busy', { activeTurnId: 'u' }, [], 'lane_busy', 'send'],
    ['with a message on its way', {}, ['submitting' as const], 'lane_busy', 'send'],
    [
      'with a message that cannot be told',
      {},
      ['ambiguous' as const],
      'lane_busy',
      'delivery list',
    ],
  ])('may not on a lane that is %s', (_name, lane, states, code, command) => {
    const unsettled = states.map((state) => deliveryRow('d', 't', { state }))
    const refusal = decideSend(laneRow('t', lane), unsettled)
    expect(refusal).toMatchObject({ code, hint: expect.stringContaining(`dispatch ${command} `) })
  })

  it('says first what cannot change by waiting', () => {
    const lane = laneRow('t', { archivedAt: 1, source: 'attached', activeTurnId: 'u' })
    expect(decideSend(lane, [deliveryRow('d', 't')])?.code).toBe('validation')
  })
})

describe('whether a message may be steered, or may wait', () => {
  const ambiguous = [deliveryRow('d', 't', { state: 'ambiguous' })]

  it.each([
    ['archived', { archivedAt: 1 }, 'validation'],
    ['attached', { source: 'attached' as const }, 'authority'],
  ])('never on a lane that is %s', (_what, part, code) => {
    const lane = laneRow('t', { ...part, activeTurnId: 'u' })
    expect(decideSteer(lane, [])?.code).toBe(code)
    for (const mode of ['queue', 'interject', 'context'] as const) {
      expect(decideEnqueue(lane, mode, [])?.code).toBe(code)
    }
  })

  it('steers and interjects where a turn runs', () => {
    const refusal = { code: 'validation', hint: expect.stringContaining('dispatch send ') }
    expect(decideSteer(laneRow('t'), [])).toMatchObject(refusal)
    expect(decideEnqueue(laneRow('t'), 'interject', [])).toMatchObject(refusal)
    const busy = laneRow('t', { activeTurnId: 'u' })
    expect(decideSteer(busy, [])).toBeNull()
    expect(decideSteer(busy, ambiguous)?.code).toBe('lane_busy')
    expect(decideEnqueue(busy, 'interject', [])).toBeNull()
    expect(decideEnqueue(busy, 'interject', ambiguous)?.code).toBe('lane_busy')
  })

  it('queues on any lane of ours that Codex keeps, context on every one', () => {
    for (const part of [{}, { activeTurnId: 'u' }, { held: true }]) {
      expect(decideEnqueue(laneRow('t', part), 'queue', ambiguous)).toBeNull()
    }
    const ephemeral = laneRow('t', { ephemeral: true })
    expect(decideEnqueue(ephemeral, 'queue', [])?.code).toBe('validation')
    expect(decideEnqueue(ephemeral, 'context', [])).toBeNull()
  })

  it('queues up to so many messages, and so many characters', () => {
    const lane = laneRow('t')
    const queueOf = (length: number, textLength: number) =>
      Array.from({ length }, (_, index) =>
        deliveryRow(`q${index}`, 't', { state: 'queued', textLength }),
      )
    const accepted = deliveryRow('d', 't', { state: 'submitting', textLength: 1_000_000 })
    expect(decideRoom(lane, 5, [accepted, ...queueOf(bounds.queueMessages - 1, 5)])).toBeNull()
    expect(decideRoom(lane, 5, queueOf(bounds.queueMessages, 5))).toMatchObject({
      code: 'lane_busy',
      message: expect.stringContaining(`${bounds.queueMessages} messages`),
    })
    const half = bounds.queueCharacters / 2
    expect(decideRoom(lane, half, queueOf(1, half))).toBeNull()
    expect(decideRoom(lane, half + 1, queueOf(1, half))).toMatchObject({
      code: 'lane_busy',
      message: expect.stringContaining(`${bounds.queueCharacters} characters`),
    })
  })
})

describe('what became of context', () => {
  it.each([
    [true, 'accepted'],
    [false, 'failed'],
    [null, 'ambiguous'],
  ])('is what the rollout says: %j', (found, state) => {
    expect(judgeContext(found).state).toBe(state)
  })
})

describe('what became of a message', () => {
  const none = { inHistory: null, sameTextInRollout: 0, twins: 0 }

  it('accepted where history has it, whatever else is seen', () => {
    const turnId = fc.option(fc.string())
    const rest = fc.record({ sameTextInRollout: fc.option(fc.nat()), twins: fc.nat() })
    fc.assert(
      fc.property(turnId, rest, (id, seen) => {
        expect(judge({ inHistory: { turnId: id }, ...seen })).toEqual({
          state: 'accepted',
          turnId: id,
          failure: null,
        })
      }),
    )
  })

  it('accepted where only the rollout has its text', () => {
    expect(judge({ ...none, sameTextInRollout: 1 }).state).toBe('accepted')
  })

  it('failed where neither has it, twins or not', () => {
    expect(judge(none)).toMatchObject({ state: 'failed', failure: expect.any(String) })
    expect(judge({ ...none, twins: 1 }).state).toBe('failed')
  })

  it('ambiguous where the rollout cannot be read, or a twin may be what it has', () => {
    expect(judge({ ...none, sameTextInRollout: null }).state).toBe('ambiguous')
    expect(judge({ ...none, sameTextInRollout: 1, twins: 1 }).state).toBe('ambiguous')
  })
})
