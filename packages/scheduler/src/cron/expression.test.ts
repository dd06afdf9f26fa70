import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ScheduleError } from '../errors.ts'
import { readExpression } from './expression.ts'

/** How our messages begin; those of cron-parser begin otherwise. */
const OURS = /^(?:minute|hour|day of month|month|day of week): |^A cron expression has|^“@/

const outcomeOf = (expression: string): unknown => {
  try {
    readExpression(expression)
  } catch (error) {
    return error
  }
  return null
}

const faultOf = (expression: string): ScheduleError => {
  try {
    readExpression(expression)
  } catch (error) {
    if (error instanceof ScheduleError) return error
    throw error
  }
  throw new Error(`${expression} was read`)
}

const indexes = (has: readonly boolean[]): number[] =>
  has.flatMap((value, at) => (value ? [at] : []))

describe('readExpression', () => {
  it.each([
    ['60 * * * *', 'minute', '0 * * * *'],
    ['61 * * * *', 'minute', null],
    ['-5 * * * *', 'minute', null],
    ['1.5 * * * *', 'minute', null],
    ['1e1 * * * *', 'minute', null],
    ['*/0 * * * *', 'minute', '* * * * *'],
    ['*/x * * * *', 'minute', '* * * * *'],
    ['*/90 * * * *', 'minute', null],
    ['*/5/5 * * * *', 'minute', '*/5 * * * *'],
    ['1,,2 * * * *', 'minute', '1,2 * * * *'],
    [', * * * *', 'minute', '* * * * *'],
    ['* 24 * * *', 'hour', '* 0 * * *'],
    ['0 22-6 * * *', 'hour', '0 22-23,0-6 * * *'],
    ['0 9pm * * *', 'hour', null],
    ['0 0 0 * *', 'day of month', '0 0 1 * *'],
    ['0 0 1-2-3 * *', 'day of month', null],
    ['H * * * *', 'minute', null],
    ['H/15 * * * *', 'minute', null],
    ['*-5 * * * *', 'minute', null],
    ['0 0 L * *', 'day of month', null],
    ['0 0 15W * *', 'day of month', null],
    ['0 9 ? * mon', 'day of month', '0 9 * * mon'],
    ['0 0 30 2 *', 'day of month', null],
    ['0 0 31 feb,apr-jun/2 *', 'day of month', null],
    ['0 0 1 0 *', 'month', '0 0 1 1 *'],
    ['0 0 1 13 *', 'month', null],
    ['0 0 1 january *', 'month', '0 0 1 jan *'],
    ['0 0 1 janfeb *', 'month', '0 0 1 jan *'],
    ['0 0 1 1jan *', 'month', '0 0 1 jan *'],
    ['0 9 * * monday', 'day of week', '0 9 * * mon'],
    ['0 9 * * mo-fr', 'day of week', '0 9 * * mon-fri'],
    ['0 9 * * fri-mon', 'day of week', '0 9 * * 5-6,0-1'],
    ['0 9 * * 7-2', 'day of week', '0 9 * * 0-2'],
    ['0 9 * * 8', 'day of week', null],
    ['0 9 * * 1#2', 'day of week', null],
    ['0 9 * * 5L', 'day of week', null],
    ['60 24 * 0 monday', 'minute', '0 0 * 1 mon'],
    ['', 'expression', null],
    ['daily', 'expression', null],
    ['0 9 * *', 'expression', '0 9 * * *'],
    ['0 0 9 * * 1-5', 'expression', '0 9 * * 1-5'],
    ['0 0 9 * * 1-5 2026', 'expression', '0 9 * * 1-5'],
    ['0 9 * * * 61 *', 'expression', null],
    ['@dayly', 'expression', '@daily'],
    ['@reboot', 'expression', null],
    ['@every 5m', 'expression', null],
    ['@constructor', 'expression', null],
    [`${'1,'.repeat(600)}1 * * * *`, 'expression', null],
  ])('refuses %j: %s, and suggests %j', (expression, field, suggestion) => {
    const fault = faultOf(expression)
    expect([fault.field, fault.suggestion]).toEqual([field, suggestion])
    if (field !== 'expression') expect(fault.message).toMatch(new RegExp(`^${field}: `))
  })

  it('answers whatever was written in its own words', () => {
    const piece = fc.constantFrom(...'0123456789*/-,? LWH#@'.split(''), 'jan', 'mon', 'sunday')
    const anything = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const five = fc.tuple(anything, anything, anything, anything, anything)
    const text = fc.oneof(
      anything,
      five.map((fields) => fields.join(' ')),
    )
    const property = fc.property(text, (expression) => {
      const outcome = outcomeOf(expression)
      if (outcome === null) return
      expect(outcome).toBeInstanceOf(ScheduleError)
      expect(outcome).toHaveProperty('message', expect.stringMatching(OURS))
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('names the field, what stands there and what may', () => {
    expect(faultOf('0 9 * * monday').message).toBe(
      'day of week: “monday” is not one of its values, 0 to 7 or sun to sat (0 and 7 are Sunday).',
    )
    expect(faultOf('0 0 9 * * 1').message).toBe(
      'A cron expression has five fields: minute, hour, day of month, month, day of week. It has 6.',
    )
    expect(faultOf('@dayly').message).toContain('@yearly, @annually, @monthly')
  })

  it.each([
    ['@daily', '0 0 * * *'],
    ['@Midnight', '0 0 * * *'],
    [' @hourly ', '0 * * * *'],
    ['@weekly', '0 0 * * sun'],
    ['@annually', '0 0 1 jan *'],
    ['0\t9  * * MON-Fri', '0 9 * * 1-5'],
    ['0 9 * * fri-sun', '0 9 * * 5-7'],
    ['0 9 * * 0-7', '0 9 * * 0-6'],
    ['5/15 * * * *', '5-59/15 * * * *'],
    ['0 9 * * 3-0/2', '0 9 * * 3,5,7'],
    ['0 9 * * sun-0', '0 9 * * 0'],
    ['0 0 * * 5/1', '0 0 * * 5,6'],
    ['0 0 * * 7/2', '0 0 * * 7'],
    ['1-5,3,3 * * * *', '1-5 * * * *'],
    ['007 * * * *', '7 * * * *'],
  ])('reads %j as %j', (expression, same) => {
    const fields = Object.values(readExpression(expression)).map(({ has }) => indexes(has))
    const others = Object.values(readExpression(same)).map(({ has }) => indexes(has))
    expect(fields).toEqual(others)
  })
})
