import type { TriggerAddInput } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { laneRow, triggerRow, triggerSpec } from '../../test/bench.ts'
import { type DefinitionChecks, editToInput, inputToDefinition } from './definition.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
const call = { cwd: '/work', zone: 'Europe/Berlin' }

const lanes = {
  '@a': laneRow('a'),
  '@gone': laneRow('g', { archivedAt: 1 }),
  '@e': laneRow('e', { ephemeral: true }),
}

const checks: DefinitionChecks = {
  lane: (selector) => lanes[selector as keyof typeof lanes],
  presets: () => {},
  now: NOW,
}

const input = (part: Partial<TriggerAddInput>): TriggerAddInput => ({
  name: 't',
  lane: '@a',
  when: 'interval',
  action: 'send',
  text: 'hi',
  ...(part.when === undefined || part.when === 'interval' ? { seconds: 60 } : {}),
  ...part,
})

const define = (part: Partial<TriggerAddInput>) => inputToDefinition(input(part), call, checks)

describe('what a trigger is made of', () => {
  it('has a default for everything that is not given', () => {
    expect(define({})).toEqual({
      name: 't',
      laneId: 'a',
      sourceId: null,
      kind: 'interval',
      action: 'send',
      text: 'hi',
      spec: triggerSpec({ everyMs: 60_000, zone: 'Europe/Berlin' }),
    })
    const ended = define({ when: 'turn_completed' })
    expect(ended).toMatchObject({
      laneId: 'a',
      sourceId: 'a',
      spec: { catchUp: null, outcomes: ['completed'] },
    })
  })

  it('reads times by the clock of whoever adds it, and a day wholly', () => {
    const at = define({ when: 'at', time: '2026-06-01T14:30', until: '2026-06-02' })
    expect(at.spec.at).toBe(Date.UTC(2026, 5, 1, 12, 30))
    expect(at.spec.until).toBe(Date.UTC(2026, 5, 2, 22))
    const elsewhere = define({ when: 'at', time: '2026-06-01T14:30', timezone: 'UTC' })
    expect(elsewhere.spec.at).toBe(Date.UTC(2026, 5, 1, 14, 30))
  })

  it.each([
    [{ when: 'cron' }, '--when cron needs --cron.'],
    [{ when: 'idle_for' }, '--when idle_for needs --seconds.'],
    [{ when: 'at' }, '--when at needs --at.'],
    [{ when: 'turn_completed', seconds: 5 }, '--seconds is for interval and idle_for.'],
    [{ cron: '* * * * *' }, '--cron is for cron.'],
    [{ on: '@a' }, '--on is for idle_for and events.'],
    [{ outcomes: ['failed'] }, '--outcome is for turn_completed.'],
    [{ when: 'turn_completed', catchUp: 'all' }, '--catch-up is for interval, cron and at.'],
    [{ when: 'turn_completed', jitterSeconds: 1 }, '--jitter is for interval, cron and at.'],
    [{ lane: undefined }, '--action send needs --lane.'],
    [{ action: 'new' }, '--lane is for actions on a lane; new makes its own.'],
    [
      { action: 'new', lane: undefined, when: 'turn_completed' },
      '--when turn_completed needs --on.',
    ],
    [{ presets: ['p'] }, '--preset is for new.'],
    [{ action: 'steer', overlap: 'queue' }, '--overlap queue is for send, brief and queue.'],
    [{ action: 'steer', idleOnly: true }, '--idle-only is for send, brief and queue.'],
    [{ action: 'steer', when: 'idle_for', seconds: 5 }, 'A lane that rests has no turn to steer.'],
    [{ when: 'at', time: '2026-06-01T13:00' }, '--at has been: 2026-06-01T11:00:00.000Z.'],
    [{ until: '2026-05-31' }, '--until has been: 2026-05-31T22:00:00.000Z.'],
    [{ template: true, text: '${x}' }, '--text: ${x} is no placeholder'],
    [{ lane: '@gone' }, '@g is archived'],
    [{ lane: '@e', action: 'queue' }, '@e is ephemeral'],
  ] as const)('is refused as a whole: %j', (part, message) => {
    expect(() => define(part as Partial<TriggerAddInput>)).toThrow(
      expect.objectContaining({ code: 'validation', message: expect.stringContaining(message) }),
    )
  })
})

describe('an edit', () => {
  const row = triggerRow('t', {
    kind: 'turn_completed',
    laneId: 'a',
    sourceId: 'a',
    spec: triggerSpec({ outcomes: ['failed'], until: NOW + 1, dedupe: true, catchUp: null }),
  })
  const edit = (part: object) => editToInput(row, { trigger: 't', ...part })

  it('keeps what is not given', () => {
    expect(edit({ name: 'n' })).toMatchObject({
      name: 'n',
      lane: 'a',
      when: 'turn_completed',
      outcomes: ['failed'],
      until: new Date(NOW + 1).toISOString(),
      dedupe: true,
    })
    expect(edit({}).on).toBeUndefined()
  })

  it('drops what the new kind or action knows nothing of', () => {
    const timed = edit({ when: 'interval', seconds: 5 })
    expect(timed.outcomes).toBeUndefined()
    expect(edit({ action: 'new', on: 'a' })).toMatchObject({ dedupe: false, on: 'a' })
    expect(edit({ action: 'new', on: 'a' }).lane).toBeUndefined()
  })

  it('takes back what is unset', () => {
    expect(edit({ unset: ['until', 'outcome'] })).not.toHaveProperty('until')
  })

  it('refuses times that have been, but for those that stood already', () => {
    const past = { at: NOW - 2_000, until: NOW - 1_000 }
    const [time, until] = [past.at, past.until].map((at) => new Date(at).toISOString())
    const asked = input({ when: 'at', time, until })
    const define = (standing: typeof past) =>
      inputToDefinition(asked, call, { ...checks, standing }).spec
    expect(define(past)).toMatchObject(past)
    expect(() => define({ ...past, at: NOW })).toThrow('--at has been')
    expect(() => define({ ...past, until: NOW })).toThrow('--until has been')
  })
})
