import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryRow, laneRow } from '../../test/bench.ts'
import { decideSend, judge } from './decide.ts'

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
    ['with a message that cannot be told', {}, ['ambiguous' as const], 'lane_busy', 'get'],
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
