import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { addLane, makeBench, triggerRow, triggerSpec } from '../../test/bench.ts'
import { everyRow, makeTriggerRoom, runRow, type TriggerRoom } from '../../test/trigger-room.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

describe('a trigger that is changed', () => {
  it.each([
    ['edited', 'edit'],
    ['paused', 'pause'],
  ] as const)('acts as it was on what was due before: %s', async (_how, op) => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    await using room = makeTriggerRoom(bench)
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    bench.clock.setNow(START + HOUR + 1)
    const { text } = bench.store.triggers.get('t') ?? { text: '' }
    if (op === 'edit') await room.trigger.edit({ trigger: 't', text: 'new' }, room.person())
    else await room.trigger.pause({ trigger: 't' }, room.person())
    await room.triggers.drained()
    expect(room.runs()).toMatchObject([{ outcome: 'fired', scheduledAt: START + HOUR }])
    expect(room.said).toEqual([['a', text]])
  })

  it('keeps what comes late by its jitter, and the place in the log, where its times are the same', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    await using room = makeTriggerRoom(bench)
    const at = START + HOUR
    const spec = { jitterMs: HOUR / 2 }
    const made = everyRow(HOUR, { armedAt: START, nextAt: at + 60_000, scheduledAt: at, spec })
    bench.store.triggers.insert(made)
    bench.events.commit((tx) => tx.append({ threadId: 'a', type: 'gap', data: {} }))
    bench.clock.setNow(at + 1)
    await room.trigger.edit({ trigger: 't', text: 'new' }, room.person())
    const { armedSeq } = made
    expect(bench.store.triggers.get('t')).toMatchObject({ scheduledAt: at, armedSeq, text: 'new' })
    await room.trigger.edit({ trigger: 't', seconds: 7_200 }, room.person())
    const moved = bench.store.triggers.get('t')
    expect(moved?.armedSeq).toBeGreaterThan(armedSeq)
    expect(moved?.armedAt).toBe(at + 1)
  })

  it.each([
    ['paused', (room: TriggerRoom) => room.trigger.pause({ trigger: 't' }, room.person())],
    [
      'given other times',
      (room: TriggerRoom) => room.trigger.edit({ trigger: 't', seconds: 7 }, room.person()),
    ],
  ] as const)('has a row for what was late by its jitter when it was %s', async (_how, change) => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    await using room = makeTriggerRoom(bench)
    const at = START + HOUR
    const spec = { jitterMs: 5_000 }
    const late = { armedAt: START, nextAt: at + 60_000, scheduledAt: at, spec }
    bench.store.triggers.insert(everyRow(HOUR, late))
    bench.clock.setNow(at + 1)
    await change(room)
    expect(room.runs()).toMatchObject([
      {
        outcome: 'skipped',
        reason: 'disabled',
        scheduledAt: at,
        detail: expect.stringMatching(/delay/),
      },
    ])
    expect(bench.store.triggers.get('t')?.scheduledAt).not.toBe(at)
  })
})

describe('a trigger that is added', () => {
  it('is the same one when the call comes again, and none when another comes under its id', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    await using room = makeTriggerRoom(bench)
    const person = room.person()
    const asked = { name: 'x', lane: '@a', when: 'interval', action: 'send', text: 'hi' } as const
    const made = await room.trigger.add({ ...asked, seconds: 60 }, person)
    await room.trigger.edit({ trigger: 'x', text: 'ho' }, room.person())
    const again = await room.trigger.add({ ...asked, seconds: 60 }, person)
    expect(again).toMatchObject({ id: made.id, text: 'ho' })
    const other = async () => await room.trigger.add({ ...asked, seconds: 61 }, person)
    await expect(other).rejects.toMatchObject({ code: 'conflict' })
    expect(bench.store.triggers.counts().active).toBe(1)
  })
})

describe('what is due while it is not known how lanes stand', () => {
  it('waits until that is known, and no longer than 20 s', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
    await using room = makeTriggerRoom(bench, { hasCodex: true })
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    const fired = async () => {
      await turn()
      await room.triggers.drained()
      return room.runs().length
    }
    bench.clock.setNow(START + HOUR)
    expect(await fired()).toBe(0)
    room.triggers.caughtUp()
    bench.clock.advance(0)
    expect(await fired()).toBe(1)
    room.triggers.unsure()
    bench.clock.setNow(START + 2 * HOUR)
    bench.clock.advance(19_999)
    expect(await fired()).toBe(1)
    bench.clock.advance(1)
    bench.clock.advance(0)
    expect(await fired()).toBe(2)
  })
})

describe('a change of a trigger that is due while it is not known how lanes stand', () => {
  it.each([
    ['paused', (room: TriggerRoom) => room.trigger.pause({ trigger: 't' }, room.person())],
    [
      'edited',
      (room: TriggerRoom) => room.trigger.edit({ trigger: 't', text: 'new' }, room.person()),
    ],
  ] as const)('waits for that: %s', async (_how, change) => {
    using bench = makeBench()
    addLane(bench.store, 'a', { activeTurnId: 'u', status: 'busy' })
    await using room = makeTriggerRoom(bench, { hasCodex: true })
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    bench.clock.setNow(START + HOUR)
    const changed = change(room)
    expect(room.runs()).toEqual([])
    bench.store.lanes.update('a', { activeTurnId: null, status: 'idle' })
    room.triggers.caughtUp()
    await changed
    await room.triggers.drained()
    expect(room.runs()).toMatchObject([{ outcome: 'fired', scheduledAt: START + HOUR }])
    expect(room.said).toEqual([['a', 'hi']])
  })
})

describe('a trigger that is fired by hand', () => {
  it.each([
    ['while its message is on its way', true],
    ['and nothing was sent', false],
  ])('says so where it is removed meanwhile, %s', async (_how, isSent) => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const before = (): Promise<void> => {
      reached.resolve()
      return gate.promise
    }
    await using room = makeTriggerRoom(bench, { before })
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    const fired = room.trigger.run({ trigger: 't' }, room.person())
    await reached.promise
    await room.trigger.rm({ trigger: 't' }, room.person())
    if (isSent) gate.resolve()
    else gate.reject(new DispatchError('lane_busy', 'A turn runs.'))
    await expect(fired).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringMatching(isSent ? /^dispatch delivery get / : /^dispatch trigger list$/),
    })
  })

  it('acts once on a call that comes again, and is counted once', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const gate = Promise.withResolvers<void>()
    await using room = makeTriggerRoom(bench, { before: () => gate.promise })
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    const person = room.person()
    const calls = [1, 2, 3].map(async () => await room.trigger.run({ trigger: 't' }, person))
    gate.resolve()
    const runs = await Promise.all(calls)
    expect(runs.map(({ outcome }) => outcome)).toEqual(['fired', 'fired', 'fired'])
    expect(room.said).toEqual([['a', 'hi']])
    expect(bench.store.triggers.get('t')?.fires).toBe(1)
    const fired = (await bench.happened()).filter(({ type }) => type === 'trigger.fired')
    expect(fired).toHaveLength(1)
  })
})

describe('an occurrence that is on disk', () => {
  const planned = { nextAt: START + HOUR, armedAt: START }

  it('goes to the lane that it was for, whatever its trigger is for now', async () => {
    using bench = makeBench()
    for (const id of ['a', 'b']) addLane(bench.store, id)
    bench.store.triggers.insert(everyRow(HOUR, { ...planned, laneId: 'b' }))
    bench.store.triggerRuns.insert(runRow('r', { laneId: 'a', text: 'kept' }))
    await using room = makeTriggerRoom(bench)
    await room.triggers.drained()
    expect(room.said).toEqual([['a', 'kept']])
  })

  it.each(['paused', 'disabled'] as const)(
    'is not acted on where its trigger is %s',
    async (state) => {
      using bench = makeBench()
      addLane(bench.store, 'a')
      bench.store.triggers.insert({ ...everyRow(HOUR, planned), state, nextAt: null, fires: 1 })
      bench.store.triggerRuns.insert(runRow('r', { laneId: 'a', text: 'kept' }))
      await using room = makeTriggerRoom(bench)
      await room.triggers.drained()
      expect(room.said).toEqual([])
      expect(room.runs()).toMatchObject([{ outcome: 'skipped', reason: 'disabled' }])
      expect(bench.store.triggers.get('t')).toMatchObject({ state, fires: 0 })
    },
  )
})

describe('a trigger that is to fire once', () => {
  const once = { maxFires: 1 } as const

  it('goes on where its message was refused, and has recorded what it passed over meanwhile', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const gate = Promise.withResolvers<void>()
    await using room = makeTriggerRoom(bench, { before: () => gate.promise })
    const made = everyRow(HOUR, { armedAt: START, nextAt: START + HOUR, spec: once })
    bench.store.triggers.insert(made)
    bench.clock.setNow(START + HOUR)
    await room.trigger.edit({ trigger: 't', name: 't' }, room.person())
    bench.clock.setNow(START + 2 * HOUR)
    await room.trigger.edit({ trigger: 't', name: 't' }, room.person())
    expect(bench.store.triggers.get('t')).toMatchObject({ state: 'active', fires: 1 })
    gate.reject(new DispatchError('lane_busy', 'A turn runs.'))
    await room.triggers.drained()
    const seen = room.runs().map(({ outcome, scheduledAt }) => [outcome, scheduledAt - START])
    expect(seen).toEqual([
      ['skipped', HOUR],
      ['skipped', 2 * HOUR],
    ])
    expect(bench.store.triggers.get('t')).toMatchObject({
      state: 'active',
      fires: 0,
      nextAt: START + 3 * HOUR,
    })
  })

  it('is not done by an event while its message may be refused yet', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    addLane(bench.store, 'b')
    const refusal = Promise.withResolvers<void>()
    await using room = makeTriggerRoom(bench, { before: () => refusal.promise })
    const spec = triggerSpec({ outcomes: ['completed'], ...once })
    const ends = { kind: 'turn_completed', sourceId: 'b', spec } as const
    bench.store.triggers.insert(triggerRow('t', ends))
    await room.trigger.edit({ trigger: 't', name: 't' }, room.person())
    for (const turnId of ['u1', 'u2'])
      bench.events.commit((tx) =>
        tx.append({ threadId: 'b', type: 'turn.completed', data: { turnId } }),
      )
    await new Promise((resolve) => setImmediate(resolve))
    expect(room.runs().map(({ outcome }) => outcome)).toEqual(['planned', 'skipped'])
    refusal.reject(new DispatchError('lane_busy', 'A turn runs.'))
    await room.triggers.drained()
    expect(bench.store.triggers.get('t')).toMatchObject({ state: 'active', fires: 0 })
    expect(room.runs().map(({ outcome }) => outcome)).toEqual(['skipped', 'skipped'])
  })
})

describe('a daemon that drains', () => {
  it('leaves what falls due and what happens, and goes on with it where it stays after all', async () => {
    using bench = makeBench()
    for (const id of ['a', 'b', 'c']) addLane(bench.store, id)
    const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
    const happens = (turnId: string): string | null =>
      bench.events.commit((tx) =>
        tx.append({ threadId: 'b', type: 'turn.completed', data: { turnId } }),
      )
    let drains = false
    const refuse = (): void => {
      if (drains) throw new DispatchError('lane_busy', 'The daemon leaves.')
    }
    bench.store.triggers.insert(everyRow(HOUR, { armedAt: START, nextAt: START + HOUR }))
    const spec = triggerSpec({ outcomes: ['completed'] })
    const ends = { kind: 'turn_completed', sourceId: 'b', laneId: 'c', spec } as const
    bench.store.triggers.insert(triggerRow('e', ends))
    await using room = makeTriggerRoom(bench, { before: refuse, isDraining: () => drains })
    // Was under way when it began.
    drains = true
    bench.store.triggers.insert(triggerRow('p', { laneId: 'b' }))
    const late = { triggerId: 'p', laneId: 'b', text: 'late' } as const
    bench.store.triggerRuns.insert(runRow('r', late))
    room.triggers.resume()
    bench.clock.advance(HOUR)
    happens('u1')
    await turn()
    expect(room.runs()).toEqual([])
    expect(room.runs('e')).toEqual([])
    expect(room.runs('p')).toMatchObject([{ outcome: 'planned' }])
    expect(bench.store.triggers.get('t')?.nextAt).toBe(START + HOUR)
    drains = false
    room.triggers.resume()
    bench.clock.advance(0)
    await turn()
    await room.triggers.drained()
    const said = room.said.map(([lane, text]) => `${lane}: ${text}`)
    expect(new Set(said)).toEqual(new Set(['a: hi', 'b: late', 'c: hi']))
    happens('u2')
    await turn()
    await room.triggers.drained()
    expect(room.said).toHaveLength(4)
  })
})
