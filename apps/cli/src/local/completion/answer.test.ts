import { expect, test } from 'vitest'
import { makeFakeIo } from '../../testing/fake-io.ts'
import { makeFakeReach, realTables } from '../../testing/fake-reach.ts'
import { answerCompletion } from './answer.ts'

const lane = { ref: '0k7M4a', handle: '@docs', title: '[repo] docs', status: 'idle' }

const complete = async (...words: string[]) => {
  const io = makeFakeIo({ argv: ['complete', '--', ...words] })
  const reach = makeFakeReach(() => ({ lanes: [lane], nextCursor: null }))
  await answerCompletion(io, realTables, reach)
  return { out: io.out, asked: reach.asked }
}

test('with nothing typed the newest lanes are offered, without their refs', async () => {
  const { out, asked } = await complete('send', '')
  expect(out).toBe('@docs\tidle [repo] docs\n')
  expect(asked).toEqual([{ op: 'list', input: { limit: 200 } }])
})

test('what is typed is looked for among all lanes', async () => {
  expect((await complete('send', '@do')).asked).toEqual([
    { op: 'lanesBeginning', input: { word: '@do' } },
  ])
  expect((await complete('wait', '@a', '0k')).out).toBe('0k7M4a\tidle @docs\n')
  expect((await complete('list', '--')).asked).toEqual([])
})
