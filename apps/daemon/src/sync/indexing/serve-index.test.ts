import { expect, test } from 'vitest'
import { fakeClock } from '../../clock/fake-clock.ts'
import type { IndexQuestion, IndexTold } from './messages.ts'
import { type IndexPort, serveIndex } from './serve-index.ts'

type Side = {
  /** Steps of events that there are. */
  steps: number
  checkpoint: () => void
}

/** Asks at the beginning, and hears the answers in their order. */
const serve = async ({ steps, checkpoint }: Side, ...questions: IndexQuestion['kind'][]) => {
  const heard: unknown[] = []
  let answers = 0
  let say = (_told: IndexTold): void => {}
  const port: IndexPort = {
    on: (_event, listener) => {
      say = listener
    },
    postMessage: (said) => {
      if (said.kind !== 'answer') return
      heard.push([said.id, said.answer.kind])
      answers += 1
      if (answers === questions.length) say({ id: 0, question: { kind: 'close' } })
    },
  }
  let left = steps
  const nothing = { items: 0, lanesToDo: 0, bytesToDo: 0, behind: [] }
  const indexer = {
    begin: async () => {
      for (const [at, kind] of questions.entries()) {
        say({ id: at + 1, question: { kind } as IndexQuestion })
      }
    },
    step: async () => false,
    catchUp: () => {
      left -= 1
      if (left >= 0) heard.push('step')
      return left >= 0
    },
    synced: async () => {},
    isBehind: () => false,
    page: () => ({ hits: [], nextCursor: null }),
    progress: () => nothing,
  }
  await serveIndex({ indexer, checkpoint }, port, fakeClock())
  return heard
}

test('a checkpoint waits for one step of a catch-up, not for all', async () => {
  let made = 0
  const checkpoint = (): void => void (made += 1)
  const heard = await serve({ steps: 5, checkpoint }, 'catch-up', 'checkpoint', 'checkpoint')
  const steps = Array.from({ length: 4 }, () => 'step')
  expect(heard).toEqual(['step', [2, 'done'], [3, 'done'], ...steps, [1, 'done']])
  expect(made).toBe(1)
})

test('a page has what was seen before it was asked', async () => {
  const heard = await serve({ steps: 1, checkpoint: () => {} }, 'page')
  expect(heard).toEqual(['step', [1, 'page']])
})

test('a checkpoint that fails is answered, and the index goes on', async () => {
  const checkpoint = (): never => {
    throw new Error('the disk is full')
  }
  const heard = await serve({ steps: 0, checkpoint }, 'checkpoint', 'catch-up')
  expect(heard).toEqual([
    [1, 'no-checkpoint'],
    [2, 'done'],
  ])
})
