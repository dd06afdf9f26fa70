import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeAgenda } from './agenda.ts'

describe('makeAgenda', () => {
  it('gives the earliest first, so many at once', () => {
    const agenda = makeAgenda()
    expect(agenda.nextAt()).toBeNull()
    agenda.set('b', 20)
    agenda.set('c', 20)
    agenda.set('a', 30)
    agenda.set('d', 40)
    expect(agenda.nextAt()).toBe(20)
    agenda.set('a', 10)
    expect(agenda.take(20, 2)).toEqual([
      { key: 'a', at: 10 },
      { key: 'b', at: 20 },
    ])
    expect(agenda.take(39, 9)).toEqual([{ key: 'c', at: 20 }])
    expect(agenda.take(39, 9)).toEqual([])
    expect([agenda.delete('d'), agenda.delete('d'), agenda.size()]).toEqual([true, false, 0])
  })

  it('is a sorted list', () => {
    const key = fc.integer({ min: 0, max: 30 }).map(String)
    const change = fc.oneof(
      fc.record({ op: fc.constant('set' as const), key, at: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ op: fc.constant('delete' as const), key }),
      fc.record({ op: fc.constant('take' as const), at: fc.integer({ min: 0, max: 50 }) }),
    )
    const property = fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const agenda = makeAgenda()
      const list = new Map<string, number>()
      const sorted = () =>
        [...list]
          .map(([key, at]) => ({ key, at }))
          .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
      for (const step of changes) {
        if (step.op === 'set') {
          agenda.set(step.key, step.at)
          list.set(step.key, step.at)
        } else if (step.op === 'delete') {
          expect(agenda.delete(step.key)).toBe(list.delete(step.key))
        } else {
          const due = sorted()
            .filter(({ at }) => at <= step.at)
            .slice(0, 3)
          expect(agenda.take(step.at, 3)).toEqual(due)
          for (const { key } of due) list.delete(key)
        }
        expect([agenda.nextAt(), agenda.size()]).toEqual([sorted()[0]?.at ?? null, list.size])
      }
      expect(agenda.take(Number.POSITIVE_INFINITY, 99)).toEqual(sorted())
    })
    fc.assert(property)
  })
})
