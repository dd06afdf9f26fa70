import { describe, expect, it } from 'vitest'
import { laneRow, triggerRow, triggerSpec } from '../../test/bench.ts'
import { decideAfterFailure, decideFire, type FireState } from './decide-fire.ts'

const state = (part: Partial<FireState> = {}): FireState => ({
  trigger: triggerRow('t'),
  cause: 'time',
  now: 1_000_000,
  lane: laneRow('a'),
  isBusy: false,
  causedBy: [],
  isNothingNew: false,
  ...part,
})

const busy = { isBusy: true, lane: laneRow('a', { activeTurnId: 'u', status: 'busy' }) } as const
const skipped = (reason: string) => expect.objectContaining({ do: 'skip', reason })
const fired = (mode: string) => ({ do: 'fire', mode })

describe('an occurrence', () => {
  it.each([
    ['send', fired('send'), skipped('busy'), fired('queue')],
    ['queue', fired('queue'), fired('queue'), fired('queue')],
    ['brief', fired('context'), skipped('busy'), fired('context')],
    ['steer', skipped('no_active_turn'), fired('steer'), fired('steer')],
  ] as const)('of %s meets its lane', (action, idle, whileBusy, queued) => {
    const trigger = triggerRow('t', { action })
    const queueing = triggerRow('t', { action, spec: triggerSpec({ overlap: 'queue' }) })
    expect(decideFire(state({ trigger }))).toEqual(idle)
    expect(decideFire(state({ trigger, ...busy }))).toEqual(whileBusy)
    expect(decideFire(state({ trigger: queueing, ...busy }))).toEqual(queued)
  })

  it('of new needs no lane, and waits for the one that it made last', () => {
    const trigger = triggerRow('t', { action: 'new', laneId: null })
    expect(decideFire(state({ trigger, lane: null }))).toEqual(fired('new'))
    expect(decideFire(state({ trigger, ...busy }))).toEqual(skipped('busy'))
    const archived = laneRow('a', { archivedAt: 1 })
    expect(decideFire(state({ trigger, lane: archived }))).toEqual(fired('new'))
  })

  it.each([
    ['is gone', null, /gone/],
    ['is archived', laneRow('a', { archivedAt: 1 }), /archived: dispatch restore/],
    ['is attached', laneRow('a', { source: 'attached' }), /attached: dispatch adopt/],
  ] as const)('disables its trigger where its lane %s', (_how, lane, reason) => {
    for (const cause of ['time', 'manual'] as const) {
      const decision = decideFire(state({ lane, cause }))
      expect(decision).toEqual({ do: 'disable', reason: expect.stringMatching(reason) })
    }
  })

  it('heeds its guards, unless a person fires it', () => {
    const guarded = (part: Parameters<typeof triggerSpec>[0], row = {}) =>
      triggerRow('t', { spec: triggerSpec({ overlap: 'queue', ...part }), ...row })
    const cases = [
      [guarded({ idleOnly: true }), busy, 'idle_only'],
      [guarded({ dedupe: true }), { isNothingNew: true }, 'dedupe'],
      [guarded({ minIntervalMs: 10 }, { lastFiredAt: 999_991 }), {}, 'min_interval'],
      [guarded({}, { backoffUntil: 1_000_001 }), {}, 'backing_off'],
    ] as const
    for (const [trigger, part, reason] of cases) {
      expect(decideFire(state({ trigger, ...part }))).toEqual(skipped(reason))
      expect(decideFire(state({ trigger, ...part, cause: 'manual' })).do).toBe('fire')
    }
    const long = guarded({ minIntervalMs: 10 }, { lastFiredAt: 999_990, backoffUntil: 1_000_000 })
    expect(decideFire(state({ trigger: long })).do).toBe('fire')
    // Of a clock that has been set back since.
    const ahead = guarded({ minIntervalMs: 10 }, { lastFiredAt: 1_000_001, backoffUntil: 9e12 })
    expect(decideFire(state({ trigger: ahead })).do).toBe('fire')
  })

  it('of an event is not its own doing, nor that of a trigger on the same lane', () => {
    const kind = 'turn_completed' as const
    const same = triggerRow('t', { kind, sourceId: 'a' })
    const other = triggerRow('t', { kind, sourceId: 'b' })
    const by = (trigger: FireState['trigger'], causedBy: string[]) =>
      decideFire(state({ trigger, causedBy, cause: 'event' }))
    expect(by(same, [])).toEqual(fired('send'))
    expect(by(same, ['x'])).toEqual(skipped('caused_by_trigger'))
    expect(by(other, ['x'])).toEqual(fired('send'))
    expect(by(other, ['t', 'x'])).toEqual(skipped('loop'))
    const rests = triggerRow('t', { kind: 'idle_for', sourceId: 'a' })
    expect(by(rests, ['x'])).toEqual(fired('send'))
    expect(by(rests, ['x', 't'])).toEqual(skipped('loop'))
  })
})

describe('a trigger that fails', () => {
  it('rests longer each time and is given up at the fifth', () => {
    const after = (failures: number) => decideAfterFailure({ failures }, { message: 'no', now: 0 })
    const rests = [0, 1, 2, 3].map(after)
    expect(rests).toEqual([
      { do: 'rest', failures: 1, until: 30_000 },
      { do: 'rest', failures: 2, until: 60_000 },
      { do: 'rest', failures: 3, until: 120_000 },
      { do: 'rest', failures: 4, until: 240_000 },
    ])
    const reason = 'It failed 5 times in a row: no'
    expect(after(4)).toEqual({ do: 'disable', failures: 5, reason })
  })
})
