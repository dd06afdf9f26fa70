import fc from 'fast-check'
import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { addLane, type Bench, makeBench } from '../../test/bench.ts'
import { refuseForeignName, resolveLane, type ResolveMode } from './lane-resolver.ts'

const id = (end: string) => `01900000-aaaa-7000-8000-${end.padStart(12, '0')}`

const resolve = (bench: Bench, selector: string, mode: ResolveMode = {}): string => {
  try {
    return resolveLane(bench.store, selector, mode).threadId
  } catch (error) {
    if (!(error instanceof DispatchError)) throw error
    const candidates = (error.details?.['candidates'] ?? []) as { id: string }[]
    return [error.code, ...candidates.map((one) => one.id)].join(' ')
  }
}

describe('a selector', () => {
  it('is a ref, an id, a prefix of 13, a handle, a title', () => {
    using bench = makeBench()
    const { ref } = addLane(bench.store, id('1'), { handle: '@docs', title: '[repo] docs' })
    const ways = [
      ref,
      id('1'),
      id('1').slice(0, 13),
      id('1').slice(0, 30),
      '@docs',
      'docs',
      '[repo] docs',
    ]
    for (const way of ways) expect(resolve(bench, way)).toBe(id('1'))
    for (const way of [id('1').slice(0, 12), 'doc', '[repo]', '', 'DOCS', '@@docs'])
      expect(resolve(bench, way)).toBe('not_found')
  })

  it('is taken in that order', () => {
    using bench = makeBench()
    const first = addLane(bench.store, id('1'), { handle: '@one', title: 'x' })
    addLane(bench.store, id('2'), { handle: `@${first.ref}`, title: first.ref })
    addLane(bench.store, id('3'), { handle: '@x', title: '@one' })
    addLane(bench.store, id('4'), { handle: `@${id('1').slice(0, 35)}`, title: 'y' })
    expect(resolve(bench, first.ref)).toBe(id('1'))
    expect(resolve(bench, `@${first.ref}`)).toBe(id('2'))
    expect(resolve(bench, 'x')).toBe(id('3'))
    expect(resolve(bench, '@one')).toBe(id('1'))
    expect(resolve(bench, id('4').slice(0, 35))).toMatch(/^validation/)
  })

  it('is composed as handles are', () => {
    using bench = makeBench()
    addLane(bench.store, id('1'), { handle: '@caf\u00e9', title: '[x] caf\u00e9' })
    for (const way of ['@cafe\u0301', 'cafe\u0301', '[x] cafe\u0301']) {
      expect(resolve(bench, way)).toBe(id('1'))
    }
  })

  it('is no new name where it means another lane', () => {
    using bench = makeBench()
    const { ref } = addLane(bench.store, id('1'), { handle: '@docs' })
    for (const name of [ref, id('1'), id('1').slice(0, 20)]) {
      expect(() => refuseForeignName(bench.store, name)).toThrow(/is the (ref|id) of @docs/)
      refuseForeignName(bench.store, name, id('1'))
    }
    refuseForeignName(bench.store, 'docs')
    refuseForeignName(bench.store, id('1').slice(0, 12))
  })

  it('is ambiguous with its candidates, the newest first, and no later step is asked', () => {
    using bench = makeBench()
    for (const n of ['1', '2', '3'])
      addLane(bench.store, id(n), { title: n === '3' ? 'part twin' : 'twin', createdAt: Number(n) })
    expect(resolve(bench, 'twin', { reading: true })).toBe(`validation ${id('2')} ${id('1')}`)
    expect(resolve(bench, id('1').slice(0, 13))).toBe(`validation ${id('3')} ${id('2')} ${id('1')}`)
  })

  it('names ten candidates at most', () => {
    using bench = makeBench()
    for (let n = 0; n < 15; n += 1) addLane(bench.store, id(String(n)), { title: 'twin' })
    expect(resolve(bench, 'twin').split(' ')).toHaveLength(11)
    expect(() => resolveLane(bench.store, 'twin')).toThrow('names 15 lanes')
  })

  it('may be a part of a title for reading alone', () => {
    using bench = makeBench()
    addLane(bench.store, id('1'), { title: '[repo] 100%_done' })
    expect(resolve(bench, 'REPO')).toBe('not_found')
    expect(resolve(bench, 'REPO', { reading: true })).toBe(id('1'))
    expect(resolve(bench, '0%_d', { reading: true })).toBe(id('1'))
    expect(resolve(bench, '0__d', { reading: true })).toBe('not_found')
  })

  it('that is a slip of a handle or of a ref is told the name that was meant', () => {
    using bench = makeBench()
    const { ref } = addLane(bench.store, id('1'), { handle: '@docs' })
    addLane(bench.store, id('2'), { handle: '@tests' })
    addLane(bench.store, id('3'), { handle: '@dogs', archivedAt: 1 })
    const meant = (selector: string): unknown => {
      try {
        return resolveLane(bench.store, selector)
      } catch (error) {
        const { hint, details } = error as DispatchError
        return [hint, details?.['nearest']]
      }
    }
    for (const slip of ['@dcos', 'dosc', '@do', 'DOCS', '@docs2']) {
      expect(meant(slip)).toEqual(['Did you mean @docs? dispatch list', '@docs'])
    }
    const slip = `${ref.slice(0, 4)}~${ref.slice(5)}`
    expect(meant(slip)).toEqual([`Did you mean ${ref}? dispatch list`, ref])
    for (const other of ['@', '', 'nobody', '@d-and-something-else', 'd'.repeat(500)]) {
      expect(meant(other)).toEqual(['dispatch list', undefined])
    }
  })

  it('finds archived lanes by ref and id, by label only for restore', () => {
    using bench = makeBench()
    const { ref } = addLane(bench.store, id('1'), { handle: '@a', title: 'old', archivedAt: 1 })
    for (const way of [ref, id('1'), id('1').slice(0, 20)])
      expect(resolve(bench, way)).toBe(id('1'))
    for (const way of ['@a', 'a', 'old']) {
      expect(resolve(bench, way, { reading: true })).toBe('not_found')
      expect(resolve(bench, way, { archived: true })).toBe(id('1'))
    }
    addLane(bench.store, id('2'), { handle: '@a' })
    expect(resolve(bench, 'a', { archived: true })).toBe(id('2'))
  })
})

describe('any selector among any lanes', () => {
  type Known = { threadId: string; ref: string; handle: string; title: string; archived: boolean }

  // The rule as it is written for people, over plain lists.
  const ruled = (lanes: readonly Known[], selector: string, mode: ResolveMode): string => {
    const exact =
      lanes.find(({ ref }) => ref === selector) ??
      lanes.find(({ threadId }) => threadId === selector)
    if (exact) return exact.threadId
    const bare = selector.startsWith('@') ? selector : `@${selector}`
    const live = lanes.filter(({ archived }) => !archived)
    const labels = new Set([selector, bare])
    const part = selector.toLowerCase()
    const steps = [
      selector.length < 13 ? [] : lanes.filter(({ threadId }) => threadId.startsWith(selector)),
      live.filter(({ handle }) => handle === bare),
      live.filter(({ title }) => title === selector),
      mode.archived
        ? lanes.filter(
            ({ archived, handle, title }) => archived && (labels.has(handle) || labels.has(title)),
          )
        : [],
      mode.reading ? live.filter(({ title }) => title.toLowerCase().includes(part)) : [],
    ]
    const hit = steps.find(({ length }) => length > 0) ?? []
    if (hit.length > 1) return 'validation'
    return hit[0]?.threadId ?? 'not_found'
  }

  const word = fc.constantFrom('a', 'docs', 'Docs', 'docs-2', '[repo] docs', '100%_a', '@a')
  const lane = fc.record({ title: word, handle: word, archived: fc.boolean() })
  const mode = fc.record(
    { reading: fc.boolean(), archived: fc.boolean() },
    { requiredKeys: [] },
  ) as fc.Arbitrary<ResolveMode>
  const pick = fc.record({ lane: fc.nat(), how: fc.nat(5), cut: fc.integer({ min: 1, max: 36 }) })

  it('means what the rule says', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(lane, { maxLength: 8, selector: ({ handle }) => handle }),
        fc.array(fc.tuple(pick, word, mode), { minLength: 1, maxLength: 12 }),
        (made, asked) => {
          using bench = makeBench()
          const lanes = made.map(({ title, handle, archived }, n): Known => {
            const threadId = id(String(n))
            const row = addLane(bench.store, threadId, {
              title,
              handle: `@${handle}`,
              archivedAt: archived ? 1 : null,
            })
            return { threadId, ref: row.ref, handle: row.handle, title, archived }
          })
          for (const [{ lane: at, how, cut }, other, how2] of asked) {
            const one = lanes[at % Math.max(1, lanes.length)]
            const ways = one
              ? [one.ref, one.threadId.slice(0, cut), one.handle, one.handle.slice(1), one.title]
              : []
            const selector = ways[how] ?? other
            expect(resolve(bench, selector, how2).split(' ')[0]).toBe(ruled(lanes, selector, how2))
          }
        },
      ),
      { seed: 1, numRuns: 60 },
    )
  })
})
