import { DispatchError, type TriggerAddInput, type TriggerEditInput } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { addLane, type Bench, makeBench, triggerRow, triggerSpec } from '../../test/bench.ts'
import { everyRow, makeTriggerRoom, type TriggerRoom } from '../../test/trigger-room.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const iso = (ms: number): string => new Date(ms).toISOString()

const input = (part: Partial<TriggerAddInput> = {}): TriggerAddInput => ({
  name: 'pulse',
  lane: '@a',
  when: 'interval',
  action: 'send',
  text: 'hi',
  ...(part.when === undefined ? { seconds: 3_600 } : {}),
  ...part,
})

const inRoom = async (
  test: (room: TriggerRoom, bench: Bench) => Promise<void>,
  before?: () => Promise<void>,
): Promise<void> => {
  using bench = makeBench()
  addLane(bench.store, 'a')
  bench.clock.setNow(START)
  await using room = makeTriggerRoom(bench, before ? { before } : {})
  await test(room, bench)
}

const refusal = async (call: () => unknown): Promise<DispatchError> => {
  try {
    await call()
  } catch (error) {
    if (error instanceof DispatchError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('the name of a trigger', () => {
  it('is that of one alone, when it is added and when it is changed', () =>
    inRoom(async ({ trigger, person }) => {
      const first = await trigger.add(input(), person())
      await trigger.add(input({ name: 'other' }), person())
      const taken = {
        code: 'conflict',
        hint: `Choose another name, or change that one: dispatch trigger edit ${first.id}`,
        details: { taken: { id: first.id, name: 'pulse', state: 'active' } },
      }
      expect(await refusal(() => trigger.add(input(), person()))).toMatchObject(taken)
      const rename = { trigger: 'other', name: 'pulse' }
      expect(await refusal(() => trigger.edit(rename, person()))).toMatchObject(taken)
      const same = await trigger.edit({ trigger: 'pulse', name: 'pulse' }, person())
      expect(same.name).toBe('pulse')
    }))

  it.each(['deadbeef', '01990000-0000-7000', '20260101'])('is not like an id: %s', (name) =>
    inRoom(async ({ trigger, person }) => {
      const error = await refusal(() => trigger.add(input({ name }), person()))
      expect(error.code).toBe('validation')
    }),
  )

  it.each([
    ['01a1fe', 'There is no trigger "01a1fe": give 8 or more characters of its id.'],
    ['pulse', 'There is no trigger "pulse".'],
  ])('is told where there is none: %s', (selector, message) =>
    inRoom(async ({ trigger, person }) => {
      const asked = async () => await trigger.get({ trigger: selector }, person())
      expect(await refusal(asked)).toMatchObject({ code: 'not_found', message })
    }),
  )

  it('has the help of the command that was given', () =>
    inRoom(async ({ trigger, person }) => {
      const cron = { cron: '@daily' }
      const added = await refusal(() => trigger.add(input(cron), person()))
      expect(added.hint).toBe('dispatch trigger add --help')
      await trigger.add(input(), person())
      for (const change of [cron, { when: 'cron', cron: '0 0 30 2 *' } as const]) {
        const edited = await refusal(() => trigger.edit({ trigger: 'pulse', ...change }, person()))
        expect(edited).toMatchObject({ code: 'validation', hint: 'dispatch trigger edit --help' })
      }
    }))

  it('names the candidates where an older registry has several', () =>
    inRoom(async ({ trigger }, { store }) => {
      for (const id of ['t1', 't2']) store.triggers.insert(triggerRow(id, { name: 'twin' }))
      expect(await refusal(() => trigger.get({ trigger: 'twin' }, {} as never))).toMatchObject({
        code: 'validation',
        details: {
          candidates: [
            { id: 't1', name: 'twin' },
            { id: 't2', name: 'twin' },
          ],
        },
      })
    }))
})

describe('a trigger that fails', () => {
  const failing = (): Promise<void> =>
    Promise.reject(new DispatchError('validation', 'Too long.', { hint: 'Less.' }))

  it('says so, with its count and its next try, and is well again once what failed is another thing', () =>
    inRoom(async ({ trigger, triggers, person }, { store, clock }) => {
      const { id } = await trigger.add(input({ seconds: 10 }), person())
      const run = await trigger.run({ trigger: id }, person())
      expect(run).toMatchObject({
        outcome: 'failed',
        code: 'validation',
        notes: [],
        error: { code: 'validation', message: 'Trigger pulse failed: Too long.' },
      })
      await triggers.drained()
      const { triggers: rows } = await trigger.list({}, person())
      const backoffUntil = iso(START + 30_000)
      expect(rows).toMatchObject([
        {
          state: 'active',
          reason: 'It failed: Too long.',
          lastOutcome: 'failed',
          failures: 1,
          backoffUntil,
          nextAt: backoffUntil,
        },
      ])
      const ahead = await trigger.get({ trigger: id }, person())
      expect(ahead.next[0]).toBe(backoffUntil)
      const renamed = await trigger.edit({ trigger: id, name: 'beat' }, person())
      expect(renamed).toMatchObject({ failures: 1, backoffUntil })
      const cured = await trigger.edit({ trigger: id, text: 'short' }, person())
      expect(cured).toMatchObject({
        failures: 0,
        backoffUntil: null,
        reason: null,
        nextAt: iso(START + 10_000),
      })
      expect(store.triggers.countFailing()).toBe(0)
      expect(clock.now()).toBe(START)
    }, failing))

  it('that was disabled by it says how it comes back when it is changed', () =>
    inRoom(async ({ trigger, person }, { store }) => {
      const given = { state: 'disabled', reason: 'It failed.', failures: 5 } as const
      store.triggers.insert({ ...everyRow(HOUR, { nextAt: START }), ...given, nextAt: null })
      const edited = await trigger.edit({ trigger: 't', text: 'short' }, person())
      expect(edited).toMatchObject({ state: 'disabled', failures: 0 })
      expect(edited.notes).toEqual([
        'It is disabled and does not fire before dispatch trigger resume t.',
      ])
    }))
})

describe('a trigger that was done', () => {
  it('goes on where it may fire more often, and says how often it has fired where less', () =>
    inRoom(async ({ trigger, person }, { store }) => {
      store.triggers.insert(
        everyRow(HOUR, { nextAt: START + HOUR, armedAt: START, fires: 3, spec: { maxFires: 5 } }),
      )
      const less = await trigger.edit({ trigger: 't', maxFires: 2 }, person())
      const reason = 'It has fired 3 times, of 2 at most.'
      expect(less).toMatchObject({ state: 'done', reason, nextAt: null, next: [] })
      expect(less.notes).toEqual([`It is done and does not fire: ${reason}`])
      const more = await trigger.edit({ trigger: 't', maxFires: 4 }, person())
      expect(more).toMatchObject({ state: 'active', reason: null, notes: [] })
      expect(more.next).toHaveLength(1)
    }))
})

describe('an edit that is not about times', () => {
  const past = START - HOUR

  it.each([
    ['its end', { kind: 'interval', spec: triggerSpec({ everyMs: HOUR, until: past }) }],
    ['its one time', { kind: 'at', spec: triggerSpec({ at: past }) }],
  ] as const)('leaves a trigger done that has come to %s', (_what, part) =>
    inRoom(async ({ trigger, person }, { store }) => {
      store.triggers.insert(
        triggerRow('t', { ...part, armedAt: START, state: 'done', reason: 'over' }),
      )
      const edited = await trigger.edit({ trigger: 't', name: 'other' }, person())
      expect(edited).toMatchObject({ name: 'other', state: 'done', nextAt: null, next: [] })
      expect(store.triggers.get('t')?.spec).toEqual(part.spec)
      const more: Partial<TriggerEditInput> =
        part.kind === 'at' ? { time: iso(START + HOUR) } : { unset: ['until'] }
      const again = await trigger.edit({ trigger: 't', ...more }, person())
      expect(again).toMatchObject({ state: 'active', until: null, nextAt: iso(START + HOUR) })
    }),
  )

  it('leaves a trigger done whose last time has been, though its end has not', () =>
    inRoom(async ({ trigger, person }, { store }) => {
      const spec = triggerSpec({ everyMs: HOUR, until: START + HOUR / 2 })
      const over = {
        spec,
        armedAt: START,
        state: 'done',
        reason: 'Its last time has been.',
      } as const
      store.triggers.insert(triggerRow('t', over))
      const edited = await trigger.edit({ trigger: 't', name: 'other' }, person())
      expect(edited).toMatchObject({ name: 'other', state: 'done', reason: over.reason })
      const never = { trigger: 't', seconds: 3_000 }
      expect((await refusal(() => trigger.edit(never, person()))).message).toMatch(/never fire/)
    }))

  it('counts no interval anew for the zone in which its end is given', () =>
    inRoom(async ({ trigger, person }, { store, clock }) => {
      store.triggers.insert(everyRow(HOUR, { nextAt: START + HOUR, armedAt: START }))
      clock.setNow(START + HOUR / 2)
      const ends = { trigger: 't', until: '2026-02-01', timezone: 'Asia/Tokyo' }
      expect(await trigger.edit(ends, person())).toMatchObject({
        nextAt: iso(START + HOUR),
        until: '2026-02-01T15:00:00.000Z',
      })
    }))
})

describe('a trigger that makes lanes where no directory is any more', () => {
  const makes: TriggerAddInput = {
    name: 'pulse',
    when: 'interval',
    seconds: 60,
    action: 'new',
    text: 'hi',
    cwd: '/there',
    presets: ['p'],
  }
  const changes: TriggerEditInput[] = [
    { trigger: 'pulse', cwd: '/there' },
    { trigger: 'pulse', presets: ['q'] },
    { trigger: 'pulse', unset: ['preset'] },
    { trigger: 'pulse', action: 'new' },
  ]

  it('is changed in all else, and refused what would be made there', async () => {
    using bench = makeBench()
    const gone = new Set<string>()
    const checkPresets = (_presets: readonly string[], cwd: string): void => {
      if (gone.has(cwd)) throw new DispatchError('validation', `--cwd: ${cwd} is not there.`)
    }
    await using room = makeTriggerRoom(bench, { checkPresets })
    const { trigger, person } = room
    await trigger.add(makes, person())
    gone.add('/there')
    const edited = await trigger.edit({ trigger: 'pulse', seconds: 90, text: 'ho' }, person())
    expect(edited).toMatchObject({ seconds: 90, cwd: '/there', presets: ['p'] })
    for (const change of changes)
      expect(await refusal(() => trigger.edit(change, person()))).toMatchObject({
        message: '--cwd: /there is not there.',
      })
    const moved = await trigger.edit({ trigger: 'pulse', cwd: '/other' }, person())
    expect(moved).toMatchObject({ cwd: '/other' })
  })
})

describe('the next time of a trigger that goes by rest', () => {
  it('is now where the lane has rested long enough, and none where it does not rest', () =>
    inRoom(async ({ trigger, person }, { store }) => {
      const rests = input({ when: 'idle_for', seconds: 60, action: 'brief' })
      const added = await trigger.add(rests, person())
      expect(added.next).toEqual([iso(START)])
      store.lanes.update('a', { activeTurnId: 'u', status: 'busy' })
      const busy = await trigger.get({ trigger: 'pulse' }, person())
      expect(busy).toMatchObject({ nextAt: null, next: [] })
    }))
})

describe('a zone that is given', () => {
  it.each([
    ['an interval', input({ timezone: 'Europe/Berlin' })],
    ['a time that has one', input({ when: 'at', time: '2026-06-01T14:30Z', timezone: 'UTC' })],
  ])('is refused with %s', (_what, given) =>
    inRoom(async ({ trigger, person }) => {
      expect(await refusal(() => trigger.add(given, person()))).toMatchObject({
        code: 'validation',
        message: '--timezone is for cron, and for an --at or --until without a zone.',
      })
    }),
  )

  it('is refused where an interval is changed, and taken with a cron expression', () =>
    inRoom(async ({ trigger, person }) => {
      await trigger.add(input(), person())
      const zone = { trigger: 'pulse', timezone: 'Europe/Berlin' }
      expect((await refusal(() => trigger.edit(zone, person()))).code).toBe('validation')
      const cron = { ...zone, when: 'cron', cron: '0 9 * * *' } as const
      expect((await trigger.edit(cron, person())).timezone).toBe('Europe/Berlin')
    }))
})

describe('a time that the clocks do not show once', () => {
  const at = (time: string) => input({ when: 'at', time, timezone: 'Europe/Berlin' })

  it.each([
    [
      '2026-03-29T02:30',
      '--at: the clocks of Europe/Berlin pass over 2026-03-29T02:30; it is taken as 2026-03-29T01:30:00.000Z.',
    ],
    [
      '2026-10-25T02:30',
      '--at: the clocks of Europe/Berlin show 2026-10-25T02:30 twice; the first is meant, 2026-10-25T00:30:00.000Z.',
    ],
  ])('is said: %s', (time, note) =>
    inRoom(async ({ trigger, person }) => {
      expect((await trigger.add(at(time), person())).notes).toEqual([note])
    }),
  )

  it('is not said of the others', () =>
    inRoom(async ({ trigger, person }) => {
      const added = await trigger.add(at('2026-03-29T03:00'), person())
      expect(added.notes).toEqual([])
    }))
})
