import { tracked } from '@trpc/server'
import { expect, test } from 'vitest'
import { eventLine } from './answer.ts'

const parse = (line: string): unknown => JSON.parse(line)

test('an event is a line with its cursor, one for each call that it goes to', () => {
  const event = Object.freeze({ cursor: '1.1', type: 'turn.started' })
  const lineTo = (id: number) => ({ id, result: { type: 'data', id: '1.1', data: event } })
  expect(parse(eventLine(1, tracked('1.1', event)))).toEqual(lineTo(1))
  expect(parse(eventLine(2, tracked('1.1', event)))).toEqual(lineTo(2))
  expect(parse(eventLine(3, event))).toEqual({ id: 3, result: { type: 'data', data: event } })
})

test('what may change is written anew, and so is what is long', () => {
  const event = { n: 1 }
  const before = eventLine(1, event)
  event.n = 2
  expect([before, eventLine(1, event)].map((line) => line.includes('"n":2'))).toEqual([false, true])
  let writes = 0
  const shared = (length: number) => {
    const toJSON = (): string => {
      writes += 1
      return 'x'.repeat(length)
    }
    return Object.freeze({ toJSON })
  }
  for (const event of [shared(1_000), shared(2_000)]) {
    expect(eventLine(1, event)).toBe(eventLine(1, event))
  }
  expect(writes).toBe(3)
  expect(parse(eventLine(1, tracked('1.2', null)))).toMatchObject({ result: { data: null } })
})
