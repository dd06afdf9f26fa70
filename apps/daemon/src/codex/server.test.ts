import { expect, it, vi } from 'vitest'
import { host, makeBench } from '../../test/bench.ts'
import type { Clock } from '../clock/clock.ts'
import { identify } from './process-identity.ts'
import { serverRecords } from './server-record.ts'
import { endRecorded } from './server.ts'

const hasty = (): Clock => {
  let now = 0
  const at = (ms: number, fn: () => void): Disposable => {
    now += ms
    setImmediate(fn)
    return { [Symbol.dispose]: () => {} }
  }
  return { now: () => now, monotonic: () => now, at }
}

const recorded = (startedAt: number | null) => {
  const bench = makeBench()
  const records = serverRecords(bench.store)
  records.set({
    pid: process.pid,
    startedAt,
    socket: '/nonexistent/codex.sock',
    binary: '/b',
    codexHome: '/c',
  })
  const kill = vi.fn<(pid: number, signal: NodeJS.Signals | 0) => void>()
  // No platform whose processes are looked through for orphans.
  const here = host({ kill, platform: 'darwin' })
  const socket = '/nonexistent/codex.sock'
  const end = () => endRecorded({ host: here, clock: hasty(), records, homeId: 'h', socket })
  return { records, kill, end, [Symbol.dispose]: () => bench[Symbol.dispose]() }
}

it('signals no pid without a start time that nobody confirms', async () => {
  using place = recorded(null)
  expect(await place.end()).toBeNull()
  expect(place.kill.mock.calls.filter(([, signal]) => signal !== 0)).toEqual([])
})

it.runIf(process.platform === 'linux')('forgets no server that lives', async () => {
  using place = recorded(identify(process.pid).startedAt)
  await expect(place.end()).rejects.toThrow('does not end')
  expect(place.kill.mock.calls.map(([, signal]) => signal)).toContain('SIGKILL')
  expect(place.records.get()).not.toBeNull()
})
