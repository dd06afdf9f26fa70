import type { TriggerRow, TriggerRunRow } from '@dispatch/store'
import { describe, expect, it, vi } from 'vitest'
import { addLane, type Bench, makeBench, triggerRow, triggerSpec } from '../../test/bench.ts'
import { fullEvents, runRow } from '../../test/trigger-room.ts'
import { makeFiring } from './firing.ts'
import { makePlanning } from './planning.ts'
import { makeReckoned } from './reckoned.ts'
import { makeTimetable } from './timetable.ts'
import { makeTriggerBook } from './trigger-book.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const START = Date.UTC(2026, 0, 1)

// What is planned is at once taken for fired, but for those that are to stay under way.
const makeRig = (bench: Bench, stays: readonly string[] = []) => {
  const { store } = bench
  const book = makeTriggerBook({ ...bench, log: silent })
  const timetable = makeTimetable(store)
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `run-${String(ids).padStart(4, '0')}`
  }
  const isUnderWay = (id: string): boolean => stays.includes(id) && ids > 1
  const planning = makePlanning({ ...bench, newId, book, isUnderWay })
  const act = (runs: readonly TriggerRunRow[]): void =>
    bench.events.commit((tx) => {
      for (const run of runs) book.fired(tx, run, run.laneId)
    })
  const firing = makeFiring({
    ...bench,
    log: silent,
    timetable,
    reckoned: makeReckoned(bench),
    planning,
    book,
    act,
    isLeft: () => false,
  })
  const insert = (row: TriggerRow): TriggerRow => {
    const made = { ...row, ...timetable.ahead(row, bench.clock.now()) }
    store.triggers.insert(made)
    firing.changed()
    return made
  }
  const runs = (id = 't') =>
    store.triggerRuns
      .list({ triggerId: id, outcome: null, limit: 1_000, before: null })
      .toReversed()
      .map(({ outcome, scheduledAt, reason }) => [outcome, scheduledAt - START, reason] as const)
  return { store, firing, insert, runs, timetable }
}

// A ring goes on in a promise: the alarm is set again in the next one.
const advance = async (bench: Bench, ms: number): Promise<void> => {
  bench.clock.advance(ms)
  await new Promise((resolve) => setImmediate(resolve))
}

const every = (ms: number, part: Partial<TriggerRow['spec']> = {}): TriggerRow =>
  triggerRow('t', { armedAt: START, spec: triggerSpec({ everyMs: ms, ...part }) })

describe('what is due', () => {
  it('fires at its times, counted from when it was added', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench)
    await using _firing = rig.firing
    rig.insert(every(1_000, { maxFires: 3 }))
    for (let at = 0; at < 5; at += 1) await advance(bench, 1_000)
    expect(rig.runs()).toEqual([
      ['fired', 1_000, null],
      ['fired', 2_000, null],
      ['fired', 3_000, null],
    ])
    expect(rig.store.triggers.get('t')).toMatchObject({
      state: 'done',
      reason: 'It has fired 3 times.',
      nextAt: null,
    })
    expect(bench.clock.pending()).toBe(0)
  })

  it.each([
    [
      'latest',
      [
        ['missed', 9_000_000],
        ['fired', 10_000_000],
      ],
    ],
    ['skip', [['missed', 10_000_000]]],
  ] as const)('is made up for by its policy: %s', async (catchUp, expected) => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    bench.store.triggers.insert({
      ...every(1_000_000, { catchUp }),
      nextAt: START + 1_000_000,
      scheduledAt: START + 1_000_000,
    })
    bench.clock.setNow(START + 10_070_000)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    expect(rig.runs().map(([outcome, at]) => [outcome, at])).toEqual(expected)
    expect(rig.store.triggers.get('t')?.nextAt).toBe(START + 11_000_000)
  })

  it('is acted on a hundred times at most where all of it is to be made up for', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const at = START + 1_000
    const spec = { catchUp: 'all', overlap: 'queue' } as const
    bench.store.triggers.insert({ ...every(1_000, spec), nextAt: at, scheduledAt: at })
    bench.clock.setNow(START + 500_500)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    const runs = rig.runs()
    expect(runs.filter(([outcome]) => outcome === 'fired')).toHaveLength(100)
    expect(runs.filter(([outcome]) => outcome === 'missed')).toEqual([
      ['missed', 400_000, 'not_running'],
    ])
    expect(runs.at(-1)).toEqual(['fired', 500_000, null])
  })

  it('is taken up in commits of a bounded size, however much of it there is', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const due = { nextAt: START + 1_000, scheduledAt: START + 1_000 }
    const spec = { catchUp: 'all', overlap: 'queue' } as const
    const many = Array.from({ length: 5 }, (_, at) => `t${at}`)
    for (const id of many) bench.store.triggers.insert({ ...every(1_000, spec), ...due, id })
    bench.clock.setNow(START + 100_500)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    const counts: number[] = []
    for (let page = 0; page < many.length; page += 1) {
      await advance(bench, 0)
      counts.push(many.flatMap((id) => rig.runs(id)).length)
    }
    expect(counts).toEqual([100, 200, 300, 400, 500])
  })

  it('finds the lane busy behind one that is made up for, and is not counted as fired for it', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const due = { nextAt: START + 1_000_000, scheduledAt: START + 1_000_000 }
    const spec = { catchUp: 'all', maxFires: 2 } as const
    bench.store.triggers.insert({ ...every(1_000_000, spec), ...due })
    bench.clock.setNow(START + 4_500_000)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    expect(rig.runs()).toEqual([
      ['fired', 1_000_000, null],
      ['skipped', 2_000_000, 'busy'],
      ['skipped', 3_000_000, 'busy'],
      ['skipped', 4_000_000, 'busy'],
    ])
    expect(rig.store.triggers.get('t')).toMatchObject({ state: 'active', fires: 1 })
  })

  it('makes one lane and not a hundred where all of it is to be made up for', async () => {
    using bench = makeBench()
    const due = { nextAt: START + 1_000_000, scheduledAt: START + 1_000_000 }
    const makes = { ...every(1_000_000, { catchUp: 'all' }), action: 'new', laneId: null } as const
    bench.store.triggers.insert({ ...makes, ...due })
    bench.store.triggers.insert({ ...makes, ...due, id: 'u', name: 'u' })
    // Of another daemon, and on its way.
    bench.store.triggerRuns.insert(runRow('r', { triggerId: 'u', mode: 'new', laneId: null }))
    bench.clock.setNow(START + 3_500_000)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    const outcomes = (id: string) => rig.runs(id).map(([outcome]) => outcome)
    expect(outcomes('t')).toEqual(['fired', 'skipped', 'skipped'])
    expect(outcomes('u')).toEqual(['planned', 'skipped', 'skipped', 'skipped'])
  })

  it('is not made up for after its end, but recorded', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const due = { nextAt: START + 1_000_000, scheduledAt: START + 1_000_000 }
    const spec = { until: START + 3_500_000 }
    bench.store.triggers.insert({ ...every(1_000_000, spec), ...due })
    bench.clock.setNow(START + 9_500_000)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    expect(rig.runs()).toEqual([['missed', 3_000_000, 'not_running']])
    expect(rig.store.triggers.get('t')).toMatchObject({ state: 'done', nextAt: null })
  })

  it('is late, not missed by everybody, where the room was open', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const at = START + 1_000_000
    bench.store.triggers.insert({ ...every(1_000_000), nextAt: at, scheduledAt: at })
    const rig = makeRig(bench)
    await using _firing = rig.firing
    bench.clock.setNow(START + 4_500_000)
    rig.firing.changed()
    await advance(bench, 0)
    expect(rig.runs()).toEqual([
      ['missed', 3_000_000, 'late'],
      ['fired', 4_000_000, null],
    ])
  })

  it('comes later by its jitter, is known by its time, and is not late for that', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench)
    await using _firing = rig.firing
    const { nextAt } = rig.insert(every(3_600_000, { jitterMs: 3_000_000, catchUp: 'skip' }))
    expect(nextAt).toBeGreaterThan(START + 3_600_000 + 60_000)
    await advance(bench, 3_600_000)
    expect(rig.runs()).toEqual([])
    bench.clock.advance(3_000_000)
    await advance(bench, 0)
    expect(rig.runs()).toEqual([['fired', 3_600_000, null]])
  })

  it('comes before its next time however long its jitter is', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench)
    await using _firing = rig.firing
    const spec = triggerSpec({ cron: '* * * * *', zone: 'UTC', jitterMs: 3_600_000 })
    rig.insert({ ...triggerRow('t', { kind: 'cron', armedAt: START }), spec })
    for (let at = 0; at < 11 * 60; at += 1) await advance(bench, 1_000)
    const times = Array.from({ length: 10 }, (_, at) => ['fired', (at + 1) * 60_000, null])
    expect(rig.runs().slice(0, 10)).toEqual(times)
  })

  it('ends with its day', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench)
    await using _firing = rig.firing
    rig.insert(every(1_000, { until: START + 2_000 }))
    rig.insert({
      ...triggerRow('e', { kind: 'turn_completed', sourceId: 'a' }),
      spec: triggerSpec({ until: START + 1_500 }),
    })
    await advance(bench, 1_000)
    await advance(bench, 1_000)
    expect(rig.runs()).toEqual([['fired', 1_000, null]])
    expect(rig.store.triggers.get('t')?.state).toBe('done')
    expect(rig.store.triggers.get('e')).toMatchObject({ state: 'done', nextAt: null })
  })

  it('is not taken up again while its last occurrence is on its way', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench, ['t'])
    await using _firing = rig.firing
    rig.insert(every(1_000))
    await advance(bench, 1_000)
    await advance(bench, 1_000)
    expect(rig.runs()).toEqual([
      ['fired', 1_000, null],
      ['skipped', 2_000, 'busy'],
    ])
  })

  it('keeps no other one waiting when it cannot be reckoned with', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const due = { nextAt: START + 1, scheduledAt: START + 1 }
    const spec = triggerSpec({ cron: 'not a cron', zone: 'UTC' })
    bench.store.triggers.insert(triggerRow('bad', { ...due, kind: 'cron', spec }))
    const rig = makeRig(bench)
    await using _firing = rig.firing
    rig.insert(every(1_000))
    await advance(bench, 500)
    await advance(bench, 500)
    expect(rig.runs()).toEqual([['fired', 1_000, null]])
    const bad = rig.store.triggers.get('bad')
    expect(bad).toMatchObject({ state: 'disabled', nextAt: null })
    expect(bad?.reason).toMatch(/^It cannot be reckoned with: /)
  })

  it('is on disk in pages when much is due at once', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench)
    await using _firing = rig.firing
    const many = Array.from({ length: 250 }, (_, at) => `t${String(at).padStart(3, '0')}`)
    for (const id of many) rig.insert({ ...every(1_000), id, name: id })
    bench.clock.advance(1_000)
    for (let page = 0; page < 3; page += 1) await advance(bench, 0)
    expect(many.flatMap((id) => rig.runs(id))).toHaveLength(250)
  })
})

describe('many', () => {
  it('are looked at when they are due, and nothing is asked of the registry before', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    let asked = 0
    const { due } = bench.store.triggers
    const triggers = {
      ...bench.store.triggers,
      due: (now: number, limit: number) => {
        asked += 1
        return due(now, limit)
      },
    }
    const rig = makeRig({ ...bench, store: { ...bench.store, triggers } })
    await using _firing = rig.firing
    const ids = Array.from({ length: 1_000 }, (_, at) => `t${String(at).padStart(4, '0')}`)
    bench.store.transaction(() => {
      for (const id of ids)
        rig.insert({ ...every(id < 't0100' ? 3_600_000 : 7_200_000), id, name: id })
    })
    for (let leg = 0; leg < 59; leg += 1) await advance(bench, 60_000)
    expect([asked, bench.clock.pending()]).toEqual([0, 1])
    await advance(bench, 60_000)
    await advance(bench, 0)
    expect(ids.filter((id) => rig.runs(id).length > 0)).toEqual(ids.slice(0, 100))
    expect(asked).toBeLessThanOrEqual(2)
  })
})

describe('a clock that is set', () => {
  it('back, leaves nobody waiting for what it showed before, and repeats nothing', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const rig = makeRig(bench)
    await using _firing = rig.firing
    rig.insert(every(60_000))
    await advance(bench, 60_000)
    bench.clock.setNow(START)
    await advance(bench, 60_000)
    expect(rig.runs()).toEqual([['fired', 60_000, null]])
    await advance(bench, 60_000)
    await advance(bench, 60_000)
    expect(rig.runs()).toEqual([
      ['fired', 60_000, null],
      ['fired', 120_000, null],
      ['fired', 180_000, null],
    ])
  })
})

const YEAR = 365 * 86_400_000

describe('a clock that was wrong by a year', () => {
  const far = { nextAt: START + YEAR, scheduledAt: START + YEAR }

  it('and is set right while somebody looks, leaves nobody waiting for a year', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    bench.clock.setNow(START + YEAR)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    rig.insert(every(3_600_000))
    bench.clock.setNow(START)
    await advance(bench, 60_000)
    expect(rig.store.triggers.get('t')?.nextAt).toBe(START + 3_600_000)
    await advance(bench, 3_600_000 - 60_000)
    expect(rig.runs()).toEqual([['fired', 3_600_000, null]])
  })

  it('and is set right while nothing can be written, leaves nobody waiting when it can', async () => {
    using bench = makeBench()
    const { triggers } = bench.store
    addLane(bench.store, 'a')
    triggers.insert({ ...every(3_600_000), ...far })
    let isFull = true
    const rig = makeRig({ ...bench, events: fullEvents(bench.events, () => isFull) })
    await using _firing = rig.firing
    await advance(bench, 10_000)
    await advance(bench, 10_000)
    expect(triggers.get('t')?.nextAt).toBe(far.nextAt)
    isFull = false
    await advance(bench, 10_000)
    expect(triggers.get('t')?.nextAt).toBe(START + 3_600_000)
    await advance(bench, 60_000)
    expect(bench.clock.pending()).toBe(1)
  })

  it('and is set right while nobody does, leaves nobody waiting either', async () => {
    using bench = makeBench()
    const { triggers } = bench.store
    addLane(bench.store, 'a')
    triggers.insert({ ...every(3_600_000), ...far })
    const cron = triggerSpec({ cron: '@hourly', zone: 'Europe/Berlin' })
    triggers.insert({ ...every(0), id: 'c', name: 'c', kind: 'cron', spec: cron, ...far })
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    await advance(bench, 3_600_000)
    expect([rig.runs(), rig.runs('c')]).toEqual([
      [['fired', 3_600_000, null]],
      [['fired', 3_600_000, null]],
    ])
  })

  it('and had a turn end by it, counts that rest from when it is set right', async () => {
    using bench = makeBench()
    const { store } = bench
    addLane(store, 'a', { createdAt: START, latestTurnId: 'u' })
    const completedAt = START + YEAR
    store.turns.upsert({ threadId: 'a', id: 'u', status: 'completed', completedAt })
    const rests = { kind: 'idle_for', sourceId: 'a', armedAt: START } as const
    const nextAt = completedAt + 3_600_000
    store.triggers.insert({ ...every(3_600_000), ...rests, nextAt, scheduledAt: nextAt })
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    await advance(bench, 1_800_000)
    const [trigger] = store.triggers.ofSource('a')
    if (trigger) rig.firing.replan([trigger])
    await advance(bench, 1_800_000)
    await advance(bench, 3_600_000)
    expect(rig.runs()).toEqual([['fired', 3_600_000, null]])
    expect(store.triggers.get('t')?.nextAt).toBeNull()
  })

  it('and had one added to it, counts that from when it is set right', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    bench.store.triggers.insert({ ...every(3_600_000), ...far, armedAt: START + YEAR - 3_600_000 })
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    await advance(bench, 3_600_000)
    expect(rig.runs()).toEqual([['fired', 3_600_000, null]])
  })

  it('changes nothing of what is late by its jitter, is that far off, or cannot be reckoned with', async () => {
    using bench = makeBench()
    const { triggers } = bench.store
    addLane(bench.store, 'a')
    const now = START + 10_000_000
    const rows = [
      { ...every(1_000_000, { jitterMs: 900_000 }), nextAt: now + 500_000, scheduledAt: now },
      { ...every(0, { at: START + YEAR }), ...far, kind: 'at' as const },
      { ...every(0, { cron: 'no cron', zone: 'UTC' }), ...far, kind: 'cron' as const },
    ].map((row, at) => ({ ...row, id: `t${at}`, name: `t${at}` }))
    for (const row of rows) triggers.insert(row)
    bench.clock.setNow(now)
    const rig = makeRig(bench)
    await using _firing = rig.firing
    await advance(bench, 0)
    expect(rows.map(({ id }) => triggers.get(id)?.nextAt)).toEqual(rows.map((row) => row.nextAt))
  })

  it('is looked after at no start while the clock has gone on, and at the one when it is behind', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const list = vi.spyOn(bench.store.triggers, 'list')
    const startAndEnd = async (ms: number): Promise<number> => {
      list.mockClear()
      const rig = makeRig(bench)
      await using _firing = rig.firing
      if (bench.store.triggers.get('t') === null) rig.insert(every(60_000))
      await advance(bench, ms)
      return list.mock.calls.length
    }
    // Nothing was known of how far times had been reckoned, and nothing was there.
    expect(await startAndEnd(60_000)).toBe(0)
    expect(await startAndEnd(60_000)).toBe(0)
    bench.clock.setNow(START)
    expect(await startAndEnd(0)).toBe(1)
    expect(await startAndEnd(0)).toBe(0)
  })

  it('is looked after by pages, up to the last trigger', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    const many = Array.from({ length: 250 }, (_, at) => `t${String(at).padStart(3, '0')}`)
    for (const id of many) bench.store.triggers.insert({ ...every(1_000), ...far, id, name: id })
    const rig = makeRig(bench)
    await using _firing = rig.firing
    for (let page = 0; page < 3; page += 1) await advance(bench, 0)
    const times = new Set(many.map((id) => bench.store.triggers.get(id)?.nextAt))
    expect([...times]).toEqual([START + 1_000])
  })
})

describe('a rest', () => {
  it('is waited for from the end of the last turn, and is one occurrence', async () => {
    using bench = makeBench()
    const { store, clock } = bench
    addLane(store, 'a', { createdAt: START })
    const rig = makeRig(bench)
    await using _firing = rig.firing
    const rests = { kind: 'idle_for', sourceId: 'a', armedAt: START } as const
    const made = rig.insert({ ...every(10_000), ...rests })
    expect(made.nextAt).toBe(START + 10_000)
    // A turn begins before.
    await advance(bench, 5_000)
    store.lanes.update('a', { activeTurnId: 'u1', latestTurnId: 'u1', status: 'busy' })
    await advance(bench, 5_000)
    expect(rig.runs()).toEqual([])
    expect(store.triggers.get('t')?.nextAt).toBeNull()
    store.turns.upsert({ threadId: 'a', id: 'u1', status: 'completed', completedAt: clock.now() })
    store.lanes.update('a', { activeTurnId: null, status: 'idle' })
    rig.firing.replan([store.triggers.get('t') ?? made])
    await advance(bench, 10_000)
    rig.firing.replan([store.triggers.get('t') ?? made])
    await advance(bench, 60_000)
    expect(rig.runs()).toEqual([['fired', 20_000, null]])
  })
})
