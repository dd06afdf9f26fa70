import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { byShortId, type ShortIds } from './short-id.ts'

const FIRST = '01990000-0000-7000-8000-00000000000a'
const SECOND = '01990000-0001-7000-8000-00000000000b'
const rows = [FIRST, SECOND, 'odd'].map((id) => ({ id }))

const ids: ShortIds<{ id: string }> = {
  what: 'thing',
  exact: (id) => rows.find((row) => row.id === id) ?? null,
  begins: (prefix, limit) => rows.filter(({ id }) => id.startsWith(prefix)).slice(0, limit),
  about: ({ id }) => ({ id }),
  list: 'dispatch thing list',
}

describe('an id that is given', () => {
  it.each([
    ['whole', FIRST, FIRST],
    ['of another make', 'odd', 'odd'],
    ['by a beginning of its own', SECOND.slice(0, 13), SECOND],
    ['in capitals', SECOND.slice(0, 13).toUpperCase(), SECOND],
    ['by fewer than 8 characters', '0199000', undefined],
    ['of nothing', 'ffffffff', undefined],
  ])('is found: %s', (_how, given, id) => {
    expect(byShortId(given, ids)?.id).toBe(id)
  })

  it('is refused with the candidates where several begin so', () => {
    let thrown: unknown
    try {
      byShortId('01990000', ids)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(DispatchError)
    expect(thrown).toMatchObject({
      code: 'validation',
      hint: 'Give more of the id: dispatch thing list',
      details: { candidates: [{ id: FIRST }, { id: SECOND }] },
    })
  })
})
