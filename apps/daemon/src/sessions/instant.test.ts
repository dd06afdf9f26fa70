import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textToPast, textToSpan } from './instant.ts'

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

describe('what lies behind', () => {
  const now = Date.UTC(2026, 5, 1, 12)
  const past = (text: string) => textToPast(text, { zone: 'UTC', now }, '--since')

  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h', 3_600_000],
    [' 2D ', 172_800_000],
    ['0s', 0],
  ])('is so long ago: %j', (text, ms) => {
    expect(past(text)).toEqual({ from: now - ms, to: now - ms + 1 })
  })

  it('is a date or a time as anywhere', () => {
    expect(past('2026-06-01')).toEqual(textToSpan('2026-06-01', 'UTC', '--since'))
  })

  it.each(['1w', '-1h', '1.5h', 'h', '1h30m', '1234567s', '60'])('refuses %j', (text) => {
    expect(() => past(text)).toThrow(
      expect.objectContaining({
        code: 'validation',
        hint: expect.stringContaining('90s, 30m, 1h or 2d'),
      }),
    )
  })
})

describe('any moment, in any zone', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ]
  const moment = fc
    .date({ min: new Date('2000-01-02'), max: new Date('2037-12-30'), noInvalidDate: true })
    .map((date) => date.getTime())

  /** What a clock there shows, to the millisecond. */
  const shown = (at: number, zone: string): string => {
    const text = new Date(at).toLocaleString('sv-SE', { timeZone: zone })
    return `${text.replace(' ', 'T')}.${String(at % 1_000).padStart(3, '0')}`
  }

  it('is found again by what the clock shows; where it shows that twice, the first', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (at, zone) => {
        const { from, to } = textToSpan(shown(at, zone), zone, 'since')
        expect(to).toBe(from + 1)
        expect(shown(from, zone)).toBe(shown(at, zone))
        expect(at - from === 0 || (at - from > 0 && at - from <= 7_200_000)).toBe(true)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('lies in its day, and no other day begins in that one', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (at, zone) => {
        const day = shown(at, zone).slice(0, 10)
        const { from, to } = textToSpan(day, zone, 'since')
        expect(from <= at && at < to).toBe(true)
        expect(shown(from, zone).slice(0, 10)).toBe(day)
        expect(shown(to - 1, zone).slice(0, 10)).toBe(day)
        expect(shown(from - 1, zone).slice(0, 10) < day).toBe(true)
        expect(shown(to, zone).slice(0, 10) > day).toBe(true)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('is itself as a time with a zone', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (at, zone) => {
        expect(textToSpan(new Date(at).toISOString(), zone, 'since').from).toBe(at)
      }),
      { seed: 1 },
    )
  })

  it('takes any other text for what it is, or refuses it in words', () => {
    const near = fc.stringMatching(/^[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9:.Z+-]{0,12})?$/)
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), fc.constantFrom(...zones, 'x/y'), (text, zone) => {
        try {
          const { from, to } = textToSpan(text, zone, 'since')
          expect(Number.isFinite(from) && from < to).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ code: 'validation' })
        }
      }),
      { seed: 1, numRuns: 1_000 },
    )
  })
})
