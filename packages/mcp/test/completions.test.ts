// Completions, over a daemon that the test plays.
import { DispatchError } from '@dispatch/contract/errors'
import { expect, test } from 'vitest'
import { connectHost } from './host.ts'

const lanes = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ handle: `@lane-${at}`, ref: `0aaaa${at}` }))

const review = { type: 'ref/prompt', name: 'review' } as const
const transcript = { type: 'ref/resource', uri: 'dispatch://lanes/{lane}/transcript' } as const

test.each([
  ['@la', '@la', ['@lane-0', '@lane-1']],
  ['la', '@la', ['@lane-0', '@lane-1']],
  ['', '@', ['@lane-0', '@lane-1']],
  ['0aa', '0aa', ['0aaaa0', '0aaaa1']],
])('a lane is completed where one is named: %s', async (value, word, values) => {
  await using host = await connectHost({ answer: () => ({ lanes: lanes(2) }) })
  for (const ref of [review, transcript]) {
    const { completion } = await host.client.complete({ ref, argument: { name: 'lane', value } })
    expect(completion).toEqual({ values, hasMore: false })
  }
  expect(host.asked[0]).toMatchObject({ path: 'lanesBeginning', input: { word } })
})

test('of many lanes some are told, and that there are more', async () => {
  await using host = await connectHost({ answer: () => ({ lanes: lanes(101) }) })
  const argument = { name: 'lane', value: '@' }
  const { completion } = await host.client.complete({ ref: transcript, argument })
  expect(completion.values).toHaveLength(100)
  expect(completion.hasMore).toBe(true)
})

test('another argument, or a daemon that is not there, completes nothing', async () => {
  await using host = await connectHost({
    answer: () => {
      throw new DispatchError('daemon_unreachable', 'No daemon runs.')
    },
  })
  for (const name of ['lane', 'focus']) {
    const { completion } = await host.client.complete({
      ref: review,
      argument: { name, value: 'x' },
    })
    expect(completion).toEqual({ values: [], hasMore: false })
  }
  expect(host.asked).toHaveLength(1)
})
