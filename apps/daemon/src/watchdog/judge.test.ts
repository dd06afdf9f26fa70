import { describe, expect, it } from 'vitest'
import { laneRow } from '../../test/bench.ts'
import { judge, type Situation } from './judge.ts'

const lane = laneRow('t', { status: 'busy', activeTurnId: 'u', updatedAt: 5_000 })
const vigil = { heardAt: 100, notBefore: 0, retrying: null }
const situation: Situation = {
  lane,
  vigil,
  commandRuns: false,
  silenceMs: 1_000,
  now: 9_000,
  monotonic: 1_100,
}

describe('judging a turn', () => {
  it('finds silence when its time is up, not before', () => {
    expect(judge({ ...situation, monotonic: 1_099 })).toEqual({ kind: 'alive', againMs: 1 })
    expect(judge(situation)).toEqual({
      kind: 'silent',
      silentMs: 1_000,
      reason: 'no sign of life for 1 s',
    })
  })

  it('says what Codex says while it tries again', () => {
    const retrying = 'Reconnecting... waiting for network'
    expect(judge({ ...situation, vigil: { ...vigil, retrying } })).toMatchObject({
      kind: 'silent',
      reason: 'Codex says: Reconnecting... waiting for network',
    })
  })

  it('leaves a command, a person who is asked, and a lost server in peace', () => {
    const alive = { kind: 'alive', againMs: 1_000 }
    expect(judge({ ...situation, commandRuns: true })).toEqual(alive)
    for (const status of ['waiting_approval', 'unknown'] as const) {
      expect(judge({ ...situation, lane: { ...lane, status } })).toEqual(alive)
    }
  })

  it('goes by the registry where this daemon has heard nothing, and gives a joined turn time', () => {
    const joined = { ...situation, vigil: { ...vigil, heardAt: null, notBefore: 1_500 } }
    expect(judge(joined)).toEqual({ kind: 'alive', againMs: 400 })
    expect(judge({ ...joined, monotonic: 1_500 })).toMatchObject({ silentMs: 4_000 })
    // The wall clock was set back.
    expect(judge({ ...joined, monotonic: 1_500, now: 10 })).toEqual({
      kind: 'alive',
      againMs: 1_000,
    })
  })

  it('is over without a turn, and never judges what others write', () => {
    const over = { kind: 'over' }
    expect(judge({ ...situation, lane: null })).toEqual(over)
    expect(judge({ ...situation, lane: { ...lane, activeTurnId: null } })).toEqual(over)
    expect(judge({ ...situation, lane: { ...lane, source: 'attached' } })).toEqual(over)
  })
})
