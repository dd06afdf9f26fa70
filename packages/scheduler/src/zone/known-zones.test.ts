import { describe, expect, it } from 'vitest'
import { ScheduleError } from '../errors.ts'
import { requireZone } from './known-zones.ts'

const suggestionFor = (zone: string): string | null => {
  try {
    requireZone(zone)
  } catch (error) {
    if (error instanceof ScheduleError && error.field === 'zone') return error.suggestion
    throw error
  }
  throw new Error(`${zone} was taken`)
}

describe('requireZone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['US/Eastern', 'US/Eastern'],
    ['Australia/Lord_Howe', 'Australia/Lord_Howe'],
  ])('takes %s as %s', (zone, name) => {
    expect(requireZone(zone)).toBe(name)
  })

  it.each([
    ['berlin', 'Europe/Berlin'],
    ['New York', 'America/New_York'],
    ['Europe/Berlni', 'Europe/Berlin'],
    ['America/NewYork', 'America/New_York'],
    ['Asia/Berlin', 'Europe/Berlin'],
    ['Lord How', 'Australia/Lord_Howe'],
    ['+02:00', 'Etc/GMT-2'],
    ['UTC-5', 'Etc/GMT+5'],
    ['+0000', 'UTC'],
    ['+05:30', null],
    ['+23', null],
    ['Mars/Phobos', null],
    ['', null],
    ['\u0000', null],
  ])('refuses %j, and suggests %j', (zone, suggestion) => {
    expect(suggestionFor(zone)).toBe(suggestion)
    if (suggestion !== null) expect(requireZone(suggestion)).toBe(suggestion)
  })

  it('does not repeat what is too long to be read', () => {
    expect(() => requireZone('x'.repeat(100_000))).toThrow(
      /^“x{64}…” is not a time zone of IANA\.$/,
    )
  })
})
