import { describe, expect, it } from 'vitest'
import { addLane, type Bench, makeBench } from '../../test/bench.ts'
import type { Heard } from '../turns/ingest.ts'
import { makeWatchdog, type Patience } from './watchdog.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const watchOver = (bench: Bench, patience: Partial<Patience> = {}) => {
  const asked = { silenceMs: 10_000, interrupt: false, ...patience }
  const interrupted: string[] = []
  const { store, events, clock } = bench
  const watchdog = makeWatchdog({
    store,
    events,
    clock,
    log: silent,
    patience: () => asked,
    interrupt: (threadId) => void interrupted.push(threadId),
    written: () => {},
  })
  return { watchdog, interrupted, asked }
}

const busy = (bench: Bench, threadId: string, more = {}) =>
  addLane(bench.store, threadId, { status: 'busy', activeTurnId: 'u', ...more })

const typesOf = async (bench: Bench) =>
  (await bench.happened()).map(({ type, lane }) => `${type} ${lane?.handle}`)

const sign = (threadId: string): Heard => ({ threadId, fact: null, isSign: true })

const retrying = (message: string): Heard => ({
  threadId: 'a',
  fact: {
    kind: 'retrying',
    threadId: 'a',
    turnId: 'u',
    message,
    details: null,
    errorKind: 'responseStreamDisconnected',
    httpStatus: null,
  },
  isSign: false,
})

const command = (bench: Bench, type: 'item.started' | 'item.completed') =>
  bench.events.commit((tx) => {
    const data = { id: 'c', turnId: 'u', type: 'commandExecution' }
    tx.append({ threadId: 'a', type, key: 'u/c', data })
  })

describe('the watchdog', () => {
  it('marks a silent lane once, and takes the mark off at a sign of life', async () => {
    using bench = makeBench()
    busy(bench, 'a')
    const { watchdog } = watchOver(bench)
    using _ = watchdog
    watchdog.touched(['a'])
    bench.clock.advance(9_999)
    expect(bench.store.lanes.get('a')).toMatchObject({ stalled: false })
    bench.clock.advance(20_001)
    expect(bench.store.lanes.get('a')).toMatchObject({
      stalled: true,
      stalledReason: 'no sign of life for 10 s',
    })
    watchdog.heard(sign('a'))
    expect(bench.store.lanes.get('a')).toMatchObject({ stalled: false })
    watchdog.heard(sign('a'))
    expect(await bench.happened()).toMatchObject([
      {
        type: 'lane.stalled',
        data: { turnId: 'u', silentSeconds: 10, interrupting: false },
      },
      { type: 'lane.recovered', data: { turnId: 'u' } },
    ])
  })

  it('has one timer, and touches it for no line that comes', () => {
    using bench = makeBench()
    const { watchdog } = watchOver(bench)
    using _ = watchdog
    for (let lane = 0; lane < 100; lane += 1) {
      busy(bench, `t${lane}`)
      watchdog.touched([`t${lane}`])
      bench.clock.advance(10)
    }
    let armed = 0
    const { at } = bench.clock
    bench.clock.at = (ms, fn) => {
      armed += 1
      return at(ms, fn)
    }
    for (let line = 0; line < 30_000; line += 1) watchdog.heard(sign(`t${line % 100}`))
    expect({ armed, pending: bench.clock.pending() }).toEqual({ armed: 0, pending: 1 })
    // Each lane is looked at once in that time.
    bench.clock.advance(9_999)
    expect(armed).toBeLessThanOrEqual(101)
    expect(bench.store.lanes.marks()).toEqual({ stalled: 0, held: 0 })
    bench.clock.advance(1)
    expect(bench.store.lanes.marks()).toEqual({ stalled: 100, held: 0 })
  })

  it('takes tries to reach the model for no sign of life, and keeps what they say', () => {
    using bench = makeBench()
    busy(bench, 'a')
    const { watchdog } = watchOver(bench)
    using _ = watchdog
    watchdog.touched(['a'])
    for (let second = 0; second < 12; second += 1) {
      watchdog.heard(retrying('Reconnecting... 1/5'))
      bench.clock.advance(1_000)
    }
    expect(bench.store.lanes.get('a')?.stalledReason).toBe('Codex says: Reconnecting... 1/5')
    watchdog.heard(retrying('Reconnecting... waiting for network'))
    expect(bench.store.lanes.get('a')).toMatchObject({
      stalled: true,
      stalledReason: 'Codex says: Reconnecting... waiting for network',
    })
  })

  it('takes what is said of the thread for no sign of life, and the end of the turn for no recovery', async () => {
    using bench = makeBench()
    busy(bench, 'a')
    const { watchdog } = watchOver(bench)
    using _ = watchdog
    watchdog.touched(['a'])
    bench.clock.advance(10_000)
    watchdog.heard({ threadId: 'a', fact: null, isSign: false })
    const turn = {
      id: 'u',
      status: 'interrupted' as const,
      startedAt: null,
      completedAt: null,
      durationMs: null,
      error: null,
    }
    watchdog.heard({ ...sign('a'), fact: { kind: 'turn-ended', threadId: 'a', turn } })
    expect(await typesOf(bench)).toEqual(['lane.stalled @a'])
    expect(bench.clock.pending()).toBe(1)
    bench.clock.advance(10_000)
    expect(bench.clock.pending()).toBe(0)
  })

  it('waits for a command, however long it runs, and counts from its end', () => {
    using bench = makeBench()
    busy(bench, 'a')
    const { watchdog } = watchOver(bench)
    using _ = watchdog
    watchdog.touched(['a'])
    command(bench, 'item.started')
    bench.clock.advance(3_600_000)
    expect(bench.store.lanes.get('a')?.stalled).toBe(false)
    command(bench, 'item.completed')
    watchdog.heard(sign('a'))
    bench.clock.advance(9_999)
    expect(bench.store.lanes.get('a')?.stalled).toBe(false)
    bench.clock.advance(10_000)
    expect(bench.store.lanes.get('a')?.stalled).toBe(true)
  })

  it('knows after a restart what was running, since when, and what was marked', async () => {
    using bench = makeBench()
    const now = bench.clock.now()
    busy(bench, 'fresh', { updatedAt: now - 4_000 })
    busy(bench, 'old', { updatedAt: now - 60_000 })
    busy(bench, 'marked', { updatedAt: now - 60_000, stalled: true, stalledReason: 'why' })
    busy(bench, 'alive', { updatedAt: now - 60_000 })
    addLane(bench.store, 'idle', { updatedAt: now - 60_000 })
    const { watchdog } = watchOver(bench, { silenceMs: 40_000 })
    using _ = watchdog
    watchdog.joined()
    bench.clock.advance(29_999)
    watchdog.heard(sign('alive'))
    expect(await typesOf(bench)).toEqual([])
    bench.clock.advance(1)
    expect(await typesOf(bench)).toEqual(['lane.stalled @old'])
    bench.clock.advance(6_000)
    expect(await typesOf(bench)).toEqual(['lane.stalled @old', 'lane.stalled @fresh'])
    watchdog.heard(sign('marked'))
    expect((await typesOf(bench)).at(-1)).toBe('lane.recovered @marked')
  })

  it('ends the turn where that is asked for, again at each look, and says so', async () => {
    using bench = makeBench()
    busy(bench, 'a')
    const { watchdog, interrupted, asked } = watchOver(bench, { interrupt: true })
    using _ = watchdog
    watchdog.touched(['a'])
    bench.clock.advance(10_000)
    expect(interrupted).toEqual(['a'])
    expect(await bench.happened()).toMatchObject([{ data: { interrupting: true } }])
    bench.clock.advance(10_000)
    expect(interrupted).toEqual(['a', 'a'])
    asked.interrupt = false
    bench.clock.advance(10_000)
    expect(interrupted).toHaveLength(2)
    expect(await typesOf(bench)).toHaveLength(1)
  })
})
