import { describe, expect, it } from 'vitest'
import { chooseRef, REF_ALPHABET, refStem } from './ref.ts'

const none = () => false

// What Codex gives: UUIDv7, so ids of one day differ in their tails only.
const threadId = (n: number): string =>
  `0199a213-81c0-7800-8aa1-${n.toString(16).padStart(12, '0')}`

describe('refs', () => {
  it('has six characters: 0, four of the hash, one for collisions', () => {
    const ref = chooseRef(threadId(1), none)
    expect(ref).toMatch(/^0[1-9A-HJ-NP-Za-km-z]{5}$/)
    expect(ref).toBe(`${refStem(threadId(1))}${REF_ALPHABET.charAt(0)}`)
    expect(chooseRef(threadId(1), none)).toBe(ref)
  })

  it('spreads evenly in each of the four places', () => {
    const count = 58_000
    const seen = [new Map<string, number>(), new Map(), new Map(), new Map()]
    for (let n = 0; n < count; n += 1) {
      const stem = refStem(threadId(n))
      seen.forEach((places, place) => {
        const char = stem.charAt(place + 1)
        places.set(char, (places.get(char) ?? 0) + 1)
      })
    }
    for (const places of seen) {
      // 1,000 expected, standard deviation 31: six of them for 232 numbers.
      expect(places.size).toBe(58)
      for (const number of places.values()) expect(Math.abs(number - 1_000)).toBeLessThan(190)
    }
  })

  it('settles a collision by the last character, then by the next stem', () => {
    const taken = new Set<string>()
    const stems = new Set<string>()
    for (let n = 0; n <= 58; n += 1) {
      const ref = chooseRef(threadId(7), (candidate) => taken.has(candidate))
      expect(taken.has(ref)).toBe(false)
      taken.add(ref)
      stems.add(ref.slice(0, 5))
      if (n < 58) expect(ref.at(-1)).toBe(REF_ALPHABET.charAt(n))
    }
    expect(stems.size).toBe(2)
  })
})
