import type { ShutdownInput } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  call,
  deliveryRow,
  fakeLink,
  host,
  makeBench,
  requestRow,
} from '../../test/bench.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { GoalsAtShutdown } from '../goals/goals-at-shutdown.ts'
import type { Stopper } from '../turns/stop.ts'
import { makeDraining } from './draining.ts'
import { makeShutdown, makeShutdownPlan } from './shutdown.ts'

type Room = { stop?: (threadId: string) => void; goalTurns?: string[] }

const makeRoom = (bench: Bench, { stop = () => {}, goalTurns = [] }: Room = {}) => {
  const done: string[] = []
  const goals: GoalsAtShutdown = {
    isGoalTurn: ({ threadId }) => goalTurns.includes(threadId),
    pause: async () => {
      done.push('paused')
      return async () => void done.push('taken back')
    },
    cut: async () => {
      done.push('cut')
      for (const threadId of goalTurns) bench.store.lanes.update(threadId, { activeTurnId: null })
    },
  }
  const left: object[] = []
  const stopper: Stopper = {
    busy: () =>
      bench.store.lanes
        .open()
        .filter(({ activeTurnId }) => activeTurnId !== null)
        .flatMap(({ threadId }) => bench.store.lanes.get(threadId) ?? []),
    stop: async (lane) => {
      stop(lane.threadId)
      return {
        ...rowToIdentity(lane),
        turnId: null,
        stopped: true,
        goalPaused: false,
        reason: null,
      }
    },
  }
  const draining = makeDraining(() => {})
  const shutdown = makeShutdown({
    ...bench,
    host: host(),
    link: fakeLink(null),
    stopper,
    goals,
    draining,
    leave: (how) => void left.push(how),
  })
  const set = (threadId: string, activeTurnId: string | null) => {
    if (bench.store.lanes.get(threadId)) bench.store.lanes.update(threadId, { activeTurnId })
    else addLane(bench.store, threadId, { activeTurnId })
    bench.changes.touched([threadId])
  }
  const run = (input: ShutdownInput, signal = new AbortController().signal) =>
    shutdown(input, call({ signal }))
  const plan = makeShutdownPlan({ store: bench.store, stopper })
  return { left, set, run, plan, draining, done }
}

describe('a shutdown', () => {
  it('of the daemon alone asks nobody: turns go on', async () => {
    using bench = makeBench()
    const { left, set, run } = makeRoom(bench)
    set('a', 'u')
    expect(await run({ codex: false })).toEqual({ pid: process.pid, codexPid: null })
    expect(left).toEqual([{ codex: false }])
  })

  it('of both is refused while turns run, and names them', async () => {
    using bench = makeBench()
    const { left, set, run } = makeRoom(bench)
    set('a', 'u')
    set('b', 'u')
    await expect(run({ codex: true })).rejects.toMatchObject({
      code: 'lane_busy',
      message: '2 lanes have an active turn: @a, @b',
      hint: expect.stringContaining('--drain'),
    })
    expect(left).toEqual([])
    set('a', null)
    set('b', null)
    expect(await run({ codex: true })).toEqual({ pid: process.pid, codexPid: 7 })
  })

  it('by force is planned: what it would cut', () => {
    using bench = makeBench()
    const { set, plan } = makeRoom(bench)
    expect(plan({ force: true })).toEqual({
      ...{ destroys: true, losses: ['No turn runs.'], waitsFor: [] },
    })
    set('a', 'u')
    expect(plan({ force: true }).losses).toEqual(['1 turn is cut: @a.'])
    for (let lane = 0; lane < 12; lane += 1) set(`l${lane}`, 'u')
    expect(plan({ force: true }).losses).toEqual([
      expect.stringMatching(/^13 turns are cut: @.*, @.* and 3 more\.$/) as string,
    ])
    bench.store.lanes.update('a', { status: 'waiting_approval' })
    const { destroys, waitsFor } = plan({ drain: true })
    expect(destroys).toBe(false)
    expect(waitsFor).toHaveLength(13)
    expect(waitsFor.filter(({ asks }) => asks)).toMatchObject([{ handle: '@a' }])
  })

  it('drains until no turn runs, those that began meanwhile too', async () => {
    using bench = makeBench()
    const { left, set, run } = makeRoom(bench)
    set('a', 'u')
    const running = run({ codex: true, drain: true })
    set('b', 'v')
    set('a', null)
    await new Promise((resolve) => setImmediate(resolve))
    expect(left).toEqual([])
    set('b', null)
    await running
    expect(left).toEqual([{ codex: true }])
  })

  it('stops draining when its caller leaves', async () => {
    using bench = makeBench()
    const { left, set, run } = makeRoom(bench)
    set('a', 'u')
    const abort = new AbortController()
    const running = run({ codex: true, drain: true }, abort.signal)
    abort.abort(new Error('left'))
    await expect(running).rejects.toThrow('left')
    expect(left).toEqual([])
  })

  it('cuts with force, also what cannot be stopped', async () => {
    using bench = makeBench()
    const stopped: string[] = []
    const { left, set, run } = makeRoom(bench, {
      stop: (threadId) => {
        if (threadId === 'a') throw new Error('Codex does not answer')
        stopped.push(threadId)
      },
    })
    set('a', 'u')
    set('b', 'u')
    await run({ codex: true, force: true })
    expect(stopped).toEqual(['b'])
    expect(left).toEqual([{ codex: true }])
  })

  it('counts a message on its way as a turn', async () => {
    using bench = makeBench()
    const { left, set, run } = makeRoom(bench)
    set('a', null)
    bench.store.deliveries.insert(deliveryRow('d', 'a'))
    await expect(run({ codex: true })).rejects.toMatchObject({ code: 'lane_busy' })
    const running = run({ codex: true, drain: true })
    bench.store.deliveries.update('d', { state: 'failed' })
    bench.changes.touched(['a'])
    await running
    expect(left).toEqual([{ codex: true }])
  })

  it('counts a request that waits without a turn of its lane', async () => {
    using bench = makeBench()
    const { set, run } = makeRoom(bench)
    set('a', null)
    bench.store.requests.insert(requestRow('01', { laneId: 'a', threadId: 'a sub-agent' }))
    await expect(run({ codex: true })).rejects.toMatchObject({
      code: 'lane_busy',
      message: expect.stringContaining('@a'),
    })
    bench.store.requests.update('01', { state: 'answered' })
    await run({ codex: true })
  })

  it('takes no new messages while it drains, and again when its caller leaves', async () => {
    using bench = makeBench()
    const { set, run, draining } = makeRoom(bench)
    set('a', 'u')
    const abort = new AbortController()
    const running = run({ codex: true, drain: true }, abort.signal)
    expect(draining.isOn()).toBe(true)
    abort.abort(new Error('left'))
    await expect(running).rejects.toThrow('left')
    expect(draining.isOn()).toBe(false)
    set('a', null)
    await run({ codex: true, drain: true })
    expect(draining.isOn()).toBe(true)
  })
})

describe('goals at a shutdown', () => {
  it('are paused, and their own turns are no reason to stay', async () => {
    using bench = makeBench()
    const { left, set, run, done } = makeRoom(bench, { goalTurns: ['a'] })
    set('a', 'u')
    await run({ codex: true })
    expect(done).toEqual(['paused', 'cut'])
    expect(left).toEqual([{ codex: true }])
  })

  it('are left alone where another turn refuses it, and where the App Server lives on', async () => {
    using bench = makeBench()
    const { set, run, done } = makeRoom(bench, { goalTurns: ['a'] })
    set('a', 'u')
    set('b', 'u')
    await expect(run({ codex: true })).rejects.toMatchObject({
      code: 'lane_busy',
      message: '1 lane has an active turn: @b',
    })
    await run({ codex: false })
    expect(done).toEqual([])
  })

  it('go on when a drain is given up', async () => {
    using bench = makeBench()
    const { set, run, done } = makeRoom(bench)
    set('b', 'u')
    const abort = new AbortController()
    const running = run({ codex: true, drain: true }, abort.signal)
    abort.abort(new Error('left'))
    await expect(running).rejects.toThrow('left')
    expect(done).toEqual(['paused', 'taken back'])
  })

  it('have their turns cut before all others with force', async () => {
    using bench = makeBench()
    const stopped: string[] = []
    const stop = (threadId: string): void => void stopped.push(threadId)
    const { set, run, done } = makeRoom(bench, { stop, goalTurns: ['a'] })
    set('a', 'u')
    set('b', 'u')
    await run({ codex: true, force: true })
    expect(done).toEqual(['paused', 'cut'])
    expect(stopped).toEqual(['b'])
  })
})
