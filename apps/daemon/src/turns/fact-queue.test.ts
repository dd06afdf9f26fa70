import fc from 'fast-check'
import { expect, test } from 'vitest'
import { itemDone, itemFact } from '../../test/bench.ts'
import type { Fact } from '../codex/fact.ts'
import { makeFactQueue } from './fact-queue.ts'

const delta = (threadId: string, itemId: string, text: string): Fact => ({
  kind: 'delta',
  threadId,
  turnId: 'u',
  itemId,
  stream: 'text' as never,
  text,
})

const all = (facts: readonly Fact[]) => {
  const queue = makeFactQueue()
  for (const fact of facts) queue.push(fact)
  return queue
}

const textOf = (facts: readonly Fact[], threadId: string): string =>
  facts
    .filter((fact) => fact.threadId === threadId)
    .map((fact) => (fact.kind === 'delta' ? `${fact.itemId}:${fact.text}` : `[${fact.kind}]`))
    .join(' ')

test('the text of many lanes that stream at once is one fact a lane', () => {
  const facts = Array.from({ length: 5_000 }, (_, n) => delta(`t${n % 20}`, 'i', String(n % 10)))
  const queue = all(facts)
  expect(queue.size()).toBe(20)
  expect(textOf(queue.take(20), 't3')).toHaveLength('i:'.length + 250)
})

test('it keeps its place before what came after it in its thread', () => {
  const done = itemDone('a', 'u', itemFact('i'))
  const queue = all([delta('a', 'i', '1'), delta('b', 'i', 'x'), done, delta('a', 'i', '2')])
  expect(textOf(queue.take(9), 'a')).toBe('i:1 [item-completed] i:2')
})

test('what was taken out grows no more, and what was given in is left as it was', () => {
  const first = delta('a', 'i', '1')
  const queue = all([first])
  queue.take(1)
  queue.push(delta('a', 'i', '2'))
  queue.push(delta('a', 'i', '3'))
  expect(textOf(queue.take(9), 'a')).toBe('i:23')
  queue.push(delta('a', 'i', '0'))
  queue.keep(({ kind }) => kind !== 'delta')
  queue.push(delta('a', 'i', '4'))
  expect(textOf(queue.take(9), 'a')).toBe('i:4')
  expect(first).toMatchObject({ text: '1' })
})

test('each thread says in the end what it said, in its order', () => {
  const fact = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('i', 'j', null),
      fc.string({ minLength: 1 }),
    )
    .map(([threadId, item, text]) =>
      item === null ? itemDone(threadId, 'u', itemFact('i')) : delta(threadId, item, text),
    )
  const said = (facts: readonly Fact[], threadId: string): string[] => {
    const parts: string[] = []
    let open = ''
    for (const one of facts.filter((each) => each.threadId === threadId)) {
      const key = one.kind === 'delta' ? one.itemId : ''
      if (one.kind === 'delta' && key === open) parts.push(`${parts.pop()}${one.text}`)
      else parts.push(one.kind === 'delta' ? `${key}:${one.text}` : `[${one.kind}]`)
      open = key
    }
    return parts
  }
  fc.assert(
    fc.property(
      fc.array(fact, { maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      (facts, slice) => {
        const queue = makeFactQueue()
        const out: Fact[] = []
        for (const [at, one] of facts.entries()) {
          queue.push(one)
          if (at % slice !== 0) continue
          out.push(...queue.take(1))
        }
        out.push(...queue.take(queue.size()))
        for (const id of ['a', 'b', 'c']) expect(said(out, id)).toEqual(said(facts, id))
      },
    ),
  )
})
