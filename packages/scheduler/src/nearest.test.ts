import { describe, expect, it } from 'vitest'
import { nearestWord } from './nearest.ts'

const known = ['mon', 'tue', 'wed', 'Europe/Berlin']

describe('nearestWord', () => {
  it.each([
    ['mon', 'mon'],
    ['MON', 'mon'],
    ['tu', 'tue'],
    ['wedn', 'wed'],
    ['europe/brelin', 'Europe/Berlin'],
    ['Asia/Tokyo', null],
    ['x', null],
    ['', null],
  ])('takes %j for %j', (word, nearest) => {
    expect(nearestWord(word, known)).toBe(nearest)
  })

  it('does not compare what is far longer', () => {
    expect(nearestWord('m'.repeat(1_000_000), known)).toBeNull()
  })
})
