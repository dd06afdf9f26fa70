import type { CodexStatus } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  fakeLink,
  host,
  makeBench,
  requestRow,
} from '../../test/bench.ts'
import { readStatus } from './daemon-status.ts'
import { makeRegistryStatus } from './registry-status.ts'

const paths = {
  home: '/h',
  socket: '/h/s',
  socketPointer: '/h/p',
  compiled: '/h/c',
  database: '/h/db',
  index: '/h/index',
  lock: '/h/l',
  pidfile: '/h/pid',
  logs: '/h/logs',
  log: '/h/log',
  startLog: '/h/start',
}

const status = (bench: Bench, codex: Partial<CodexStatus> = {}, notices: string[] = []) => {
  const link = fakeLink(null)
  return readStatus({
    ...bench,
    registry: makeRegistryStatus(bench.store),
    link: { ...link, status: () => ({ ...link.status(), ...codex }) },
    host: host({ env: { PATH: '/bin' } }),
    paths,
    socket: '/tmp/s',
    version: '1.2.3',
    startedAt: bench.clock.now(),
    connections: () => 2,
    index: () => ({ state: 'done', items: 3, lanesToDo: 0, bytesToDo: 0, error: null }),
    notices,
  })
}

describe('the status', () => {
  it('counts what is there, archived lanes apart', () => {
    using bench = makeBench()
    addLane(bench.store, 'a', { status: 'busy', activeTurnId: 'u' })
    addLane(bench.store, 'b', { status: 'error' })
    addLane(bench.store, 'c', { status: 'archived', archivedAt: 1 })
    bench.store.deliveries.insert(deliveryRow('d', 'a'))
    for (const lane of ['a', 'b', 'c']) {
      bench.store.deliveries.enqueue(
        deliveryRow(`q${lane}`, lane, { state: 'queued', mode: 'queue' }),
      )
    }
    const now = status(bench)
    expect(now).toMatchObject({
      status: 'running',
      socket: '/tmp/s',
      path: '/bin',
      lanes: { total: 2, busy: 1, waitingApproval: 0, error: 1 },
      deliveries: { queued: 3, submitting: 1, ambiguous: 0 },
      queues: { lanes: 2, held: 0 },
      connections: 2,
      index: { state: 'done', items: 3 },
      uptimeSeconds: 0,
      warnings: [],
    })
  })
})

describe('warnings', () => {
  it.each(['ready', 'starting'] as const)('are none while Codex is %s', (state) => {
    using bench = makeBench()
    expect(status(bench, { state }).warnings).toEqual([])
  })

  it.each(['reconnecting', 'unavailable', 'stopped'] as const)('say that it is %s', (state) => {
    using bench = makeBench()
    const now = status(bench, { state, error: 'no codex on PATH' })
    expect(now.status).toBe('degraded')
    expect(now.warnings).toEqual([`Codex is ${state}: no codex on PATH`])
    expect(status(bench, { state }).warnings.join()).toContain('no reason known')
  })

  it('name requests that wait for a person', () => {
    using bench = makeBench()
    const ask = (id: string) => bench.store.requests.insert(requestRow(id))
    ask('01')
    expect(status(bench)).toMatchObject({
      requests: { pending: 1 },
      warnings: [
        'A request waits for a person: dispatch request list, then approve, deny or respond',
      ],
    })
    ask('02')
    expect(status(bench).warnings.join()).toContain('2 requests wait')
  })

  it('name notices first, a stale server, and what needs a person', () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    bench.store.deliveries.insert(deliveryRow('d', 'a', { state: 'ambiguous' }))
    expect(status(bench, { stale: true }, ['migrated']).warnings).toEqual([
      'migrated',
      expect.stringContaining('not the installed Codex'),
      expect.stringContaining('dispatch delivery reconcile d,'),
    ])
  })

  it('name each lane that is stalled or holds what waits, and what ends it', () => {
    using bench = makeBench()
    const a = addLane(bench.store, 'a', { stalled: true, stalledReason: 'Codex says: no' })
    const b = addLane(bench.store, 'b', { held: true, heldFor: 'failed' })
    addLane(bench.store, 'c', { held: true, heldFor: 'person' })
    addLane(bench.store, 'd', { held: true, heldFor: 'archived', archivedAt: 1 })
    for (const lane of ['b', 'd']) {
      bench.store.deliveries.enqueue(
        deliveryRow(`q${lane}`, lane, { state: 'queued', mode: 'queue' }),
      )
    }
    const now = status(bench)
    expect(now).toMatchObject({ lanes: { stalled: 1, held: 2 }, queues: { lanes: 1, held: 1 } })
    expect(now.warnings).toEqual([
      `@a is stalled (Codex says: no): dispatch tail ${a.ref}, then dispatch stop ${a.ref}`,
      `@b holds what waits for it (its turn failed): dispatch queue list ${b.ref}, then dispatch queue resume ${b.ref}`,
    ])
  })

  it('name the first of many, and say how many more there are', () => {
    using bench = makeBench()
    for (let at = 0; at < 23; at += 1) addLane(bench.store, `${at}x`, { stalled: true })
    const { warnings } = status(bench)
    expect(warnings).toHaveLength(21)
    expect(warnings.at(-1)).toBe('And 3 more like the one before.')
  })
})
