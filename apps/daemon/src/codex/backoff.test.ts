import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

it('waits not at all at first, then doubles up to half a minute', () => {
  const waits = Array.from({ length: 10 }, (_, attempt) => backoffMs(attempt, () => 1))
  expect(waits).toEqual([0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

it('has a jitter of a half, and no bound in attempts', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), unit, (attempt, random) => {
      const full = backoffMs(attempt, () => 1)
      const wait = backoffMs(attempt, () => random)
      expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2))
      expect(wait).toBeLessThanOrEqual(full)
    }),
  )
})
