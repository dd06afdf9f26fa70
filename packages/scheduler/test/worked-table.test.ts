import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { endSchedule, makeSchedules, nextTimes } from '../src/index.ts'

const page = readFileSync(new URL('../../../docs/schedules.md', import.meta.url), 'utf8')

/** The rows of the table below a heading, by the names of its columns. */
const readTable = (heading: string): Record<string, string>[] => {
  const section = page.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? ''
  const cells = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((row) => row.map((cell) => cell.trim().replaceAll('`', '')))
  const [names = [], , ...rows] = cells
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ''])))
}

const offsetName = (ms: number): string => {
  const minutes = Math.abs(ms) / 60_000
  const two = (value: number) => String(value).padStart(2, '0')
  const rest = minutes % 60 === 0 ? '' : `:${two(minutes % 60)}`
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${rest}`
}

/** `2026-03-08 03:00-04`, as the clock of the zone shows it. */
const shownAs = (time: number, zone: string): string => {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(time)
  return `${wall}${offsetName(Date.parse(`${wall.replace(' ', 'T')}Z`) - time)}`
}

const DAY = 86_400_000
const schedules = makeSchedules()

/** What runs on a day of a zone from 01:00 up to 04:00. */
const runsOn = (expression: string, zone: string, day: string): string[] => {
  const schedule = schedules.read({ kind: 'cron', expression, zone })
  const after = Date.parse(`${day}T00:00Z`) - DAY
  return nextTimes(endSchedule(schedule, after + 3 * DAY), { after, limit: 400 })
    .map((time) => shownAs(time, zone))
    .filter((shown) => shown >= `${day} 01:00` && shown < `${day} 04:00`)
    .map((shown) => shown.slice(11))
}

const shifts = readTable('When clocks shift')
const zones = [...new Set(shifts.map((shift) => shift['zone'] ?? ''))]

describe('the worked table', () => {
  it('is about three zones, three years and both directions', () => {
    expect(zones).toEqual(['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe'])
    expect(shifts).toHaveLength(9)
  })

  it.each(zones)('holds in %s', (zone) => {
    const rows = readTable(zone)
    expect(rows.length).toBeGreaterThan(8)
    for (const shift of shifts.filter((each) => each['zone'] === zone)) {
      for (const row of rows) {
        for (const direction of ['forward', 'back'] as const) {
          const day = shift[direction] ?? ''
          const runs = runsOn(row['expression'] ?? '', zone, day).join(' ') || '-'
          expect(`${row['expression']} ${day}: ${runs}`).toBe(
            `${row['expression']} ${day}: ${row[direction]}`,
          )
        }
      }
    }
  })

  it('is not moved by the shift on the days around it', () => {
    for (const { zone = '', forward = '', back = '' } of shifts) {
      for (const day of [forward, back]) {
        const eve = new Date(Date.parse(day) - DAY).toISOString().slice(0, 10)
        const morrow = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10)
        for (const other of [eve, morrow]) {
          const runs = runsOn('*/30 * * * *', zone, other).map((time) => time.slice(0, 5))
          expect(runs).toEqual(['01:00', '01:30', '02:00', '02:30', '03:00', '03:30'])
        }
      }
    }
  })
})
