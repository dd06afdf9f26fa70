import { expect, test } from 'vitest'
import { addLane, fakeClient, goalRow, ingestOf, makeBench } from '../../test/bench.ts'
import { makeGoalCalls } from './goal-calls.ts'

test('a goal that is reached before the answer is read stays reached', async () => {
  using bench = makeBench()
  const { store, changes, clock } = bench
  addLane(store, 'a')
  const goal = { ...goalRow('a'), createdAt: 1, updatedAt: 1 }
  const ingest = ingestOf(bench)
  const tell = (status: string): void => {
    const params = { threadId: 'a', turnId: null, goal: { ...goal, status } }
    ingest.take({ method: 'thread/goal/updated', params })
  }
  // All of it in one read of the socket, as on a busy machine.
  const client = fakeClient({
    'thread/goal/set': () => {
      tell('active')
      tell('complete')
      return { goal: { ...goal, status: 'active' } }
    },
  })
  const calls = makeGoalCalls({ store, clock, ingest, changes })
  await calls.set(client, 'a', { status: 'active' })
  expect(clock.pending()).toBe(0)
  expect(store.goals.get('a')?.status).toBe('complete')
})
