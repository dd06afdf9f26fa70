import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { addLane, type Bench, makeBench } from '../../test/bench.ts'
import { resolveLane, type ResolveMode } from './lane-resolver.ts'

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
