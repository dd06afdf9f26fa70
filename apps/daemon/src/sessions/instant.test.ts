import { describe, expect, it } from 'vitest'
import { textToSpan } from './instant.ts'

const span = (text: string, zone = 'UTC') => {
  const { from, to } = textToSpan(text, zone, 'since')
  return [new Date(from).toISOString(), new Date(to).toISOString()]
}

describe('days and times of a person', () => {
  it.each([
    ['2026-06-01', 'UTC', '2026-06-01T00:00:00.000Z', '2026-06-02T00:00:00.000Z'],
    ['2026-06-01', 'Europe/Berlin', '2026-05-31T22:00:00.000Z', '2026-06-01T22:00:00.000Z'],
    ['2026-06-01', 'America/New_York', '2026-06-01T04:00:00.000Z', '2026-06-02T04:00:00.000Z'],
    // 23 and 25 hours long.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    // Midnight does not exist there on that day.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'],
    ['2026-12-31', 'Pacific/Kiritimati', '2026-12-30T10:00:00.000Z', '2026-12-31T10:00:00.000Z'],
  ])('%s in %s', (text, zone, from, to) => {
    expect(span(text, zone)).toEqual([from, to])
  })

  it.each([
    ['2026-06-01T14:30', 'Europe/Berlin', '2026-06-01T12:30:00.000Z'],
    ['2026-06-01 14:30:05.25', 'UTC', '2026-06-01T14:30:05.250Z'],
    ['2026-06-01T14:30:00Z', 'Europe/Berlin', '2026-06-01T14:30:00.000Z'],
    ['2026-06-01T14:30:00+02:00', 'UTC', '2026-06-01T12:30:00.000Z'],
    // In the gap of spring, and the first of two in autumn.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['2026-06-01T00:00', 'Nowhere/Land', '2026-06-01T00:00:00.000Z'],
  ])('%s in %s is one instant', (text, zone, at) => {
    expect(span(text, zone)[0]).toBe(at)
  })

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-6-1',
    '2026-06-01T24:00',
    '1.6.2026',
  ])('refuses %j', (text) => {
    expect(() => span(text)).toThrow('no date or time')
  })
})
