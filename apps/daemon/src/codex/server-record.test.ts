import { expect, it } from 'vitest'
import { makeBench } from '../../test/bench.ts'
import type { Host } from '../host/host.ts'
import { identify } from './process-identity.ts'
import { recordedPid, serverRecords } from './server-record.ts'

it('remembers the server, and takes what it does not understand for none', () => {
  using bench = makeBench()
  const records = serverRecords(bench.store)
  expect(records.get()).toBeNull()
  const record = {
    pid: 7,
    startedAt: 70,
    socket: '/s',
    binary: '/b',
    codexHome: '/c',
  }
  records.set(record)
  expect(serverRecords(bench.store).get()).toEqual(record)
  records.set(null)
  expect(records.get()).toBeNull()
  bench.store.runtime.set('codex.server', { pid: 'seven' })
  expect(records.get()).toBeNull()
})

it('has a process as long as that very one runs', () => {
  const host = { kill: () => undefined } as unknown as Host
  const own = identify(process.pid)
  const rest = { socket: '/s', binary: '/b', codexHome: '/c' }
  const of = (record: typeof own | null) =>
    recordedPid(host, { get: () => record && { ...record, ...rest } })
  expect(of(null)).toBeNull()
  expect(of(own)).toBe(process.pid)
  // Another one has its number now.
  expect(of({ ...own, startedAt: (own.startedAt ?? 0) + 1 })).toBeNull()
})
