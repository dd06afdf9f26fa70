import { type ErrorBody, errorCodes, type WaitInput, type WaitUntil } from '@dispatch/contract'
import type { LaneRow, TurnRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { addLane, type Bench, call, deliveryRow, makeBench } from '../../test/bench.ts'
import { makeWait } from './wait.ts'

const exitOf = (error: ErrorBody | null): number => (error ? errorCodes[error.code].exit : 0)

const lanes = {
  fresh: { lane: {} },
  completed: { lane: { latestTurnId: 'u' }, turn: 'completed' },
  failed: { lane: { latestTurnId: 'u', status: 'error' }, turn: 'failed' },
  interrupted: { lane: { latestTurnId: 'u' }, turn: 'interrupted' },
  running: { lane: { activeTurnId: 'u', latestTurnId: 'u', status: 'busy' }, turn: 'started' },
  asked: {
    lane: { activeTurnId: 'u', latestTurnId: 'u', status: 'waiting_approval' },
    turn: 'started',
  },
} as const satisfies Record<string, { lane: Partial<LaneRow>; turn?: TurnRow['status'] }>

type Kind = keyof typeof lanes

const add = (bench: Bench, threadId: string, kind: Kind): LaneRow => {
  const { lane, turn }: { lane: Partial<LaneRow>; turn?: TurnRow['status'] } = lanes[kind]
  const row = addLane(bench.store, threadId, lane)
  if (turn) bench.store.turns.upsert({ threadId, id: 'u', status: turn })
  return row
}

const waitFor = async (kinds: Kind[], input: Partial<WaitInput>) => {
  using bench = makeBench()
  const rows = kinds.map((kind, index) => add(bench, `lane-${index}`, kind))
  const wait = makeWait({ store: bench.store, changes: bench.changes })
  const waiting = wait(rows, { lanes: [], timeoutSeconds: 5, ...input }, call())
  bench.clock.advance(5_000)
  return await waiting
}

describe('the exit status of a wait for one lane', () => {
  const table: [WaitUntil, Record<Kind, number>][] = [
    ['done', { fresh: 0, completed: 0, failed: 10, interrupted: 10, running: 3, asked: 6 }],
    ['idle', { fresh: 0, completed: 0, failed: 0, interrupted: 0, running: 3, asked: 3 }],
    ['failed', { fresh: 3, completed: 3, failed: 0, interrupted: 3, running: 3, asked: 6 }],
    ['approval', { fresh: 3, completed: 3, failed: 3, interrupted: 3, running: 3, asked: 0 }],
    ['any', { fresh: 0, completed: 0, failed: 10, interrupted: 10, running: 3, asked: 6 }],
  ]
  const rows = table.flatMap(([until, exits]) =>
    Object.entries(exits).map(([kind, exit]) => [until, kind as Kind, exit] as const),
  )

  it.each(rows)('until %s, lane %s: %i', async (until, kind, exit) => {
    const { error, met } = await waitFor([kind], { until })
    expect(exitOf(error)).toBe(exit)
    if (exit === 3) expect(met).toBe(false)
    if (exit === 0 || exit === 10) expect(met).toBe(true)
  })
})

it('a wait without a limit tells what was there, also where it is gone at once', async () => {
  using bench = makeBench()
  const row = add(bench, 't', 'running')
  const wait = makeWait({ store: bench.store, changes: bench.changes })
  const waiting = wait([row], { lanes: [] }, call())
  bench.store.lanes.update('t', { status: 'waiting_approval' })
  bench.changes.touched(['t'])
  bench.store.lanes.update('t', { status: 'busy' })
  expect((await waiting).error).toMatchObject({ code: 'approval_required' })
})

describe('several lanes', () => {
  it('are all waited for', async () => {
    const { met, lanes: seen, error } = await waitFor(['completed', 'running'], {})
    expect({ met, exit: exitOf(error) }).toEqual({ met: false, exit: 3 })
    expect(seen.map((lane) => [lane.met, lane.outcome])).toEqual([
      [true, 'completed'],
      [false, 'running'],
    ])
  })

  it('fail with the first that failed', async () => {
    const { error } = await waitFor(['completed', 'failed', 'interrupted'], {})
    expect(error).toMatchObject({ code: 'turn_failed', details: { lane: { handle: '@lane-1' } } })
  })

  it.each([
    [['completed', 'running'], 0],
    [['completed', 'asked'], 0],
    [['failed', 'running'], 10],
    [['running', 'asked'], 6],
    [['running', 'running'], 3],
  ] as const)('are as the one that is there, with --any: %s', async (kinds, exit) => {
    expect(exitOf((await waitFor([...kinds], { any: true })).error)).toBe(exit)
  })
})

describe('waiting', () => {
  it('goes on over a message on its way, and hears of the end', async () => {
    using bench = makeBench()
    const { store } = bench
    const row = add(bench, 't', 'completed')
    store.deliveries.insert(deliveryRow('d', 't'))
    const { changes } = bench
    const waiting = makeWait({ store, changes })([row], { lanes: ['t'] }, call())
    store.deliveries.update('d', { state: 'accepted' })
    store.lanes.update('t', { activeTurnId: 'v', latestTurnId: 'v', status: 'busy' })
    store.turns.upsert({ threadId: 't', id: 'v', status: 'started' })
    changes.touched(['t'])
    store.turns.upsert({ threadId: 't', id: 'v', status: 'failed' })
    store.lanes.update('t', { activeTurnId: null, status: 'error' })
    changes.touched(['t'])
    expect(await waiting).toMatchObject({
      met: true,
      lanes: [{ outcome: 'failed', turn: { id: 'v' } }],
      error: { code: 'turn_failed' },
    })
    expect(bench.clock.pending()).toBe(0)
  })

  it('ends at once behind a message that only a person can judge', async () => {
    using bench = makeBench()
    const { store, changes } = bench
    const row = add(bench, 't', 'completed')
    store.deliveries.insert(deliveryRow('a', 't', { state: 'ambiguous' }))
    store.deliveries.enqueue(deliveryRow('q', 't', { state: 'queued', mode: 'queue' }))
    const waiting = makeWait({ store, changes })([row], { lanes: ['t'], timeoutSeconds: 5 }, call())
    bench.clock.advance(5_000)
    expect(await waiting).toMatchObject({ met: true, lanes: [{ outcome: 'completed' }] })
  })

  it('ends when the caller leaves', async () => {
    using bench = makeBench()
    const row = add(bench, 't', 'running')
    const abort = new AbortController()
    const wait = makeWait({ store: bench.store, changes: bench.changes })
    const waiting = wait([row], { lanes: ['t'] }, call({ signal: abort.signal }))
    abort.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
  })
})
