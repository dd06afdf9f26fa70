import { expect, it } from 'vitest'
import { makeBench } from '../../test/bench.ts'
import { serverRecords } from './server-record.ts'

it('remembers the server, and takes what it does not understand for none', () => {
  using bench = makeBench()
  const records = serverRecords(bench.store)
  expect(records.get()).toBeNull()
  const record = {
    pid: 7,
    startedAt: 70,
    socket: '/s',
    binary: '/b',
    version: null,
    codexHome: '/c',
  }
  records.set(record)
  expect(serverRecords(bench.store).get()).toEqual(record)
  records.set(null)
  expect(records.get()).toBeNull()
  bench.store.runtime.set('codex.server', { pid: 'seven' })
  expect(records.get()).toBeNull()
})
