import { describe, expect, it } from 'vitest'
import { jitterMs } from './jitter.ts'

const HOUR = 3_600_000

describe('jitterMs', () => {
  it('is the same for the same occurrence', () => {
    const question = { seed: 'a', scheduledAt: 1_000, maxMs: HOUR }
    expect(jitterMs(question)).toBe(jitterMs({ ...question }))
    expect(jitterMs({ ...question, maxMs: 0 })).toBe(0)
  })

  it.each([
    ['triggers of one time', (at: number) => ({ seed: `trigger-${at}`, scheduledAt: 0 })],
    ['times of one trigger', (at: number) => ({ seed: 'a', scheduledAt: at * HOUR })],
  ])('spreads %s evenly', (_, questionAt) => {
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let at = 0; at < 10_000; at += 1) {
      const delay = jitterMs({ ...questionAt(at), maxMs: 9_999 })
      expect(Number.isInteger(delay)).toBe(true)
      const tenth = Math.floor(delay / 1_000)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (maxMs) => {
    expect(() => jitterMs({ seed: 'a', scheduledAt: 0, maxMs })).toThrow(/^jitter: /)
  })
})
