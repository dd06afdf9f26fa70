import { describe, expect, it } from 'vitest'
import { type AlarmOptions, LEG_MS, makeAlarm } from './alarm.ts'
import { makeFakeClock } from './fake-clock.ts'

const START = Date.UTC(2026, 10, 21)
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** An alarm over a list of times; rings take them off and say when. */
const makeWorld = (changes: Partial<AlarmOptions> = {}) => {
  const fake = makeFakeClock(START)
  const plan: number[] = []
  const rung: { due: number; at: number }[] = []
  const failures: unknown[] = []
  const jumps: number[] = []
  let looks = 0
  const alarm = makeAlarm({
    clock: fake.clock,
    nextAt: () => {
      looks += 1
      return plan.toSorted((a, b) => a - b)[0] ?? null
    },
    ring: (now) => {
      const due = plan.filter((at) => at <= now)
      for (const at of due) {
        plan.splice(plan.indexOf(at), 1)
        rung.push({ due: at - START, at: now - START })
      }
      return due.length
    },
    failed: (error) => void failures.push(error),
    jumped: (ms) => void jumps.push(ms),
    ...changes,
  })
  return {
    ...fake,
    alarm,
    plan,
    rung,
    failures,
    jumps,
    looks: () => looks,
    add: (ms: number) => {
      plan.push(START + ms)
      alarm.reset()
    },
    [Symbol.asyncDispose]: () => alarm[Symbol.asyncDispose](),
  }
}

describe('makeAlarm', () => {
  it('has no timer while nothing is planned, and asks once', async () => {
    await using world = makeWorld()
    expect(world.pending()).toBe(0)
    await world.pass(30 * DAY)
    expect(world.looks()).toBe(1)
  })

  it('rings at the planned times, to the millisecond', async () => {
    await using world = makeWorld()
    world.add(90_000)
    world.add(30_000)
    world.add(30_000)
    await world.pass(HOUR)
    expect(world.rung).toEqual([
      { due: 30_000, at: 30_000 },
      { due: 30_000, at: 30_000 },
      { due: 90_000, at: 90_000 },
    ])
    expect(world.pending()).toBe(0)
  })

  it('rings at once for what is late, also at its own start', async () => {
    await using world = makeWorld()
    world.add(-DAY)
    await world.pass(0)
    expect(world.rung).toEqual([{ due: -DAY, at: 0 }])
  })

  it('waits longer than a timer can, and asks for the plan no more often for it', async () => {
    await using world = makeWorld()
    world.add(60 * DAY)
    const before = world.looks()
    await world.pass(60 * DAY - 1)
    expect(world.rung).toEqual([])
    expect(world.looks()).toBe(before)
    await world.pass(1)
    expect(world.rung).toEqual([{ due: 60 * DAY, at: 60 * DAY }])
  })

  it('notices that the clock was put forward, or the machine slept', async () => {
    await using world = makeWorld()
    world.add(8 * HOUR)
    await world.pass(10_000)
    world.jump(9 * HOUR)
    await world.pass(LEG_MS)
    expect(world.rung).toEqual([{ due: 8 * HOUR, at: 9 * HOUR + LEG_MS }])
    expect(world.jumps).toEqual([9 * HOUR])
  })

  it('waits again when the clock was put back', async () => {
    await using world = makeWorld()
    world.add(2 * LEG_MS)
    await world.pass(LEG_MS + 1)
    world.jump(-HOUR)
    await world.pass(HOUR - 2)
    expect(world.rung).toEqual([])
    await world.pass(LEG_MS + 1)
    expect(world.rung).toEqual([{ due: 2 * LEG_MS, at: 2 * LEG_MS }])
    expect(world.jumps).toEqual([-HOUR])
  })

  it('notices a jump also where the plan changes before it has looked', async () => {
    await using world = makeWorld()
    world.add(8 * HOUR)
    await world.pass(10_000)
    world.jump(-HOUR)
    world.add(9 * HOUR)
    expect(world.jumps).toEqual([-HOUR])
    await world.pass(LEG_MS)
    expect(world.jumps).toEqual([-HOUR])
  })

  it('notices a jump while nothing was planned when something is', async () => {
    await using world = makeWorld()
    await world.pass(DAY)
    world.jump(-HOUR)
    world.add(DAY + HOUR)
    expect(world.jumps).toEqual([-HOUR])
  })

  it('asks anew for a plan that a jump has changed', async () => {
    const plan: number[] = []
    await using world = makeWorld({
      jumped: () => plan.splice(0, 1, START + 2 * HOUR),
      nextAt: () => plan[0] ?? null,
      ring: (now) => plan.splice(0).push(now),
    })
    plan.push(START + 300 * DAY)
    world.alarm.reset()
    await world.pass(HOUR)
    world.jump(-10_000)
    await world.pass(HOUR)
    expect(plan).toEqual([START + 2 * HOUR])
    await world.pass(10_000)
    expect(plan).toEqual([])
    expect(world.pending()).toBe(0)
  })

  it('follows a plan that changes', async () => {
    await using world = makeWorld()
    world.add(HOUR)
    world.add(2 * HOUR)
    world.plan.splice(0, 1)
    world.alarm.reset()
    await world.pass(HOUR + 1)
    expect(world.rung).toEqual([])
    await world.pass(HOUR)
    expect(world.rung).toEqual([{ due: 2 * HOUR, at: 2 * HOUR }])
  })

  it('goes on at once while more is due', async () => {
    let left = 1_000
    const pages: number[] = []
    await using world = makeWorld({
      nextAt: () => (left > 0 ? START + 5 : null),
      ring: () => {
        left -= 100
        return pages.push(left)
      },
    })
    await world.pass(5)
    expect(pages).toHaveLength(10)
    expect(world.failures).toEqual([])
  })

  it('never rings while it rings; a change meanwhile is seen afterwards', async () => {
    const ended = Promise.withResolvers<number>()
    const planned: (number | null)[] = [START + 5]
    let rings = 0
    await using world = makeWorld({
      nextAt: () => planned[0] ?? null,
      ring: () => {
        rings += 1
        planned[0] = rings === 1 ? START + 6 : null
        return rings === 1 ? ended.promise : 1
      },
    })
    await world.pass(100)
    world.alarm.reset()
    await world.pass(100)
    expect(rings).toBe(1)
    ended.resolve(1)
    await world.pass(0)
    expect(rings).toBe(2)
  })

  it('is not misled by a change that its own ring makes', async () => {
    const ended = Promise.withResolvers<number>()
    let rings = 0
    await using world = makeWorld({
      nextAt: () => START + 5,
      ring: () => {
        rings += 1
        world.alarm.reset()
        return ended.promise
      },
    })
    await world.pass(HOUR)
    expect(rings).toBe(1)
    ended.resolve(1)
  })

  it.each([
    ['throws', () => Promise.reject(new Error('no disk'))],
    ['does nothing about what is due', () => 0],
  ])('tries less and less often when a ring %s', async (_, ring) => {
    await using world = makeWorld({ nextAt: () => START + 5, ring })
    await world.pass(5)
    expect(world.failures).toHaveLength(1)
    world.alarm.reset()
    await world.pass(999)
    expect(world.failures).toHaveLength(1)
    await world.pass(1)
    expect(world.failures).toHaveLength(2)
    await world.pass(HOUR)
    expect(world.failures.length).toBeGreaterThan(60)
    expect(world.failures.length).toBeLessThan(70)
  })

  it('recovers when the plan can be read again', async () => {
    let broken = true
    const plan = [START + 10]
    await using world = makeWorld({
      nextAt: () => {
        if (broken) throw new Error('locked')
        return plan[0] ?? null
      },
      ring: () => plan.splice(0).length,
    })
    await world.pass(5)
    expect(world.failures).toHaveLength(1)
    broken = false
    await world.pass(1_000)
    expect(plan).toEqual([])
    expect(world.pending()).toBe(0)
  })

  it('ends after the ring that runs, and leaves no timer', async () => {
    const ended = Promise.withResolvers<number>()
    const world = makeWorld({ nextAt: () => START, ring: () => ended.promise })
    await world.pass(0)
    let disposed = false
    const disposing = (async () => {
      await world.alarm[Symbol.asyncDispose]()
      disposed = true
    })()
    await world.pass(1)
    expect(disposed).toBe(false)
    ended.resolve(1)
    await disposing
    world.alarm.reset()
    await world.pass(DAY)
    expect(world.pending()).toBe(0)
  })
})
