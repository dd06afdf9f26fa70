import { expect, test } from 'vitest'
import type { Fact } from '../codex/fact.ts'
import { makeIngest } from './ingest.ts'

const renamed = (threadId: string, title: string) => ({
  method: 'thread/name/updated',
  params: { threadId, threadName: title },
})

const makeWritten = () => {
  const written: string[] = []
  const writer = {
    write: (facts: readonly Fact[]) => {
      for (const fact of facts) if (fact.kind === 'renamed') written.push(fact.title)
    },
  }
  return { written, ingest: makeIngest({ writer }) }
}

test('what comes of a held thread waits for the history that is filled in', () => {
  const { written, ingest } = makeWritten()
  ingest.take(renamed('a', 'before'))
  {
    using _held = ingest.hold('a')
    ingest.take(renamed('a', 'live'))
    ingest.take(renamed('b', 'other'))
    ingest.drain()
    ingest.fillUp([{ kind: 'renamed', threadId: 'a', title: 'history' }])
  }
  expect(written).toEqual(['before', 'other', 'history', 'live'])
})

test('after the hold things are written as they come', () => {
  const { written, ingest } = makeWritten()
  ingest.hold('a')[Symbol.dispose]()
  ingest.take(renamed('a', 'after'))
  ingest.drain()
  expect(written).toEqual(['after'])
})
