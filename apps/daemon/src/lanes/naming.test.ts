import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freeHandle, nameToHandle } from './naming.ts'

describe('a handle', () => {
  it.each([
    ['docs', '@docs'],
    ['docs review', '@docs-review'],
    ['  a \t b  ', '@a-b'],
    ['@docs', '@docs'],
    ['Über', '@Über'],
  ])('of %j is %s', (name, handle) => expect(nameToHandle(name)).toBe(handle))

  it('has one @ and no blanks, and is its own handle', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const handle = nameToHandle(name)
        expect(handle).toMatch(/^@(?!@)\S*$/u)
        expect(nameToHandle(handle)).toBe(handle)
      }),
    )
  })

  it('gets the first number that is free', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 20 })), (numbers) => {
        const taken = new Set(numbers.map((number) => (number === 1 ? '@a' : `@a-${number}`)))
        const handle = freeHandle('@a', (one) => taken.has(one))
        expect(taken.has(handle)).toBe(false)
        const number = handle === '@a' ? 1 : Number(handle.slice(3))
        for (let lower = 1; lower < number; lower += 1) expect(numbers).toContain(lower)
      }),
    )
  })
})
