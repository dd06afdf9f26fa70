import { expect, it } from 'vitest'
import { causeToId, laneCallIdOf } from './derived-id.ts'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/

it('is a UUIDv7 of its cause and its time, the same each time', () => {
  const at = Date.UTC(2026, 0, 2)
  const id = causeToId('a/0', at)
  expect(id).toMatch(uuidV7)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  expect(causeToId('a/0', at)).toBe(id)
  expect(causeToId('a/1', at)).not.toBe(id)
  expect(causeToId('a/0', 0)).toMatch(uuidV7)
})

it('of a lane in a call has the time of the call', () => {
  const call = '019a0000-beef-7000-8000-000000000001'
  const one = laneCallIdOf(call, 't1')
  expect(one).toMatch(uuidV7)
  expect(one.slice(0, 13)).toBe(call.slice(0, 13))
  expect(laneCallIdOf(call, 't1')).toBe(one)
  expect(laneCallIdOf(call, 't2')).not.toBe(one)
  expect(laneCallIdOf(call.replace(/1$/, '2'), 't1')).not.toBe(one)
})
