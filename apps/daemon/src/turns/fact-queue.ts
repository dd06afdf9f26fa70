// Facts that wait to be written, in the order in which they came. Streamed text of one stream melts into
// one fact as long as nothing else of its thread came after it: what threads say is told apart by thread,
// so that a thousand pieces of twenty lanes in turn are twenty.
import type { Fact } from '../codex/fact.ts'

type Delta = Extract<Fact, { kind: 'delta' }>

/** Waiting facts. */
export type FactQueue = {
  size(): number
  push(fact: Fact): void
  /** Takes the oldest out, at most so many: they grow no more, and nobody else gets them. */
  take(count: number): readonly Fact[]
  /** Puts what was taken back before all that waits. */
  putBack(taken: readonly Fact[]): void
  /** Whether one that waits fits. */
  some(fits: (fact: Fact) => boolean): boolean
  /** Leaves out what does not fit. */
  keep(fits: (fact: Fact) => boolean): void
}

// Item ids are unique within a turn only, and an item may have more than one stream.
const isSameStream = (one: Delta, other: Delta): boolean =>
  one.turnId === other.turnId && one.itemId === other.itemId && one.stream === other.stream

/** An empty queue. */
export const makeFactQueue = (): FactQueue => {
  let facts: Fact[] = []
  /** Those before are taken: what is left is moved up when they are as many, not each time. */
  let head = 0
  /** The newest waiting fact of each thread. */
  const newest = new Map<string, Fact>()

  const leave = (gone: readonly Fact[]): void => {
    for (const fact of gone) if (newest.get(fact.threadId) === fact) newest.delete(fact.threadId)
  }

  const moveUp = (): void => {
    facts = facts.slice(head)
    head = 0
  }

  return {
    size: () => facts.length - head,
    push: (fact) => {
      const last = newest.get(fact.threadId)
      if (fact.kind === 'delta' && last?.kind === 'delta' && isSameStream(last, fact)) {
        last.text += fact.text
        return
      }
      // A copy, because its text may grow.
      const own = fact.kind === 'delta' ? { ...fact } : fact
      facts.push(own)
      newest.set(fact.threadId, own)
    },
    take: (count) => {
      const taken = facts.slice(head, head + count)
      leave(taken)
      head += taken.length
      if (head * 2 >= facts.length) moveUp()
      return taken
    },
    putBack: (taken) => {
      moveUp()
      facts = [...taken, ...facts]
    },
    some: (fits) => facts.some((fact, index) => index >= head && fits(fact)),
    keep: (fits) => {
      moveUp()
      leave(facts.filter((fact) => !fits(fact)))
      facts = facts.filter(fits)
    },
  }
}
