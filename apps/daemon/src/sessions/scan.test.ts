import { describe, expect, it } from 'vitest'
import { type Scan, scanPages } from './scan.ts'

const PAGE = 10
const numbers = Array.from({ length: 35 }, (_, at) => at)

const scanOf = (part: Partial<Scan<number>> = {}): Scan<number> => ({
  cursor: null,
  limit: 100,
  maxScan: 1_000,
  page: (cursor) => {
    const from = Number(cursor ?? 0)
    const more = from + PAGE < numbers.length
    return Promise.resolve({
      data: numbers.slice(from, from + PAGE),
      nextCursor: more ? String(from + PAGE) : null,
    })
  },
  idOf: String,
  fits: () => true,
  ...part,
})

describe('walking pages', () => {
  it('takes everything where nothing bounds it', async () => {
    expect(await scanPages(scanOf())).toEqual({ found: numbers, scanned: 35, nextCursor: null })
  })

  it('goes on after its cursor without loss or repetition, whatever the bounds', async () => {
    for (const [limit, maxScan] of [
      [3, 1_000],
      [10, 1_000],
      [100, 7],
      [100, 10],
      [35, 1_000],
    ] as const) {
      const seen: number[] = []
      let cursor: string | null = null
      do {
        const part: Partial<Scan<number>> = { cursor, limit, maxScan, fits: (n) => n % 2 === 0 }
        const answer = await scanPages(scanOf(part))
        expect(answer.scanned).toBeLessThanOrEqual(maxScan)
        expect(answer.found.length).toBeLessThanOrEqual(limit)
        seen.push(...answer.found)
        cursor = answer.nextCursor
      } while (cursor !== null)
      expect(seen).toEqual(numbers.filter((n) => n % 2 === 0))
    }
  })

  it('takes an entry once where a page begins with the end of the one before', async () => {
    const overlapping: Scan<number>['page'] = (cursor) => {
      const from = Math.max(0, Number(cursor ?? 0) - 4)
      const more = from + PAGE < numbers.length
      return Promise.resolve({
        data: numbers.slice(from, from + PAGE),
        nextCursor: more ? String(from + PAGE) : null,
      })
    }
    expect((await scanPages(scanOf({ page: overlapping }))).found).toEqual(numbers)
    const first = await scanPages(scanOf({ page: overlapping, limit: 10 }))
    const rest = await scanPages(scanOf({ page: overlapping, cursor: first.nextCursor }))
    expect([...first.found, ...rest.found]).toEqual(numbers)
  })

  it('ends where a cursor leads nowhere else', async () => {
    const stuck = () => Promise.resolve({ data: [1, 2, 3], nextCursor: 'same' })
    expect((await scanPages(scanOf({ page: stuck }))).found).toEqual([1, 2, 3])
  })

  it('stops where no later entry can fit', async () => {
    const answer = await scanPages(scanOf({ isPast: (n) => n > 12 }))
    expect(answer).toMatchObject({ scanned: 13, nextCursor: null })
  })

  it('refuses a cursor that is none', async () => {
    for (const cursor of ['x', 'bnVsbA', Buffer.from('[1,2]').toString('base64url')]) {
      await expect(scanPages(scanOf({ cursor }))).rejects.toMatchObject({ code: 'validation' })
    }
  })
})
