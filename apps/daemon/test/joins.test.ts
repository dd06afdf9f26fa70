// Turns that end while the next daemon joins the App Server: the thread is idle, and its history has no
// end yet.
import { expect, it } from 'vitest'
import { makePlace, type Place } from './composed.ts'

const HELD_BACK = 'the answer'

/** A place whose lane is idle in Codex beside a turn whose end is told before that request is done. */
const makeEnding = async (endsAt: string): Promise<Place> => {
  const place = await makePlace({ scenario: { turns: [{ reply: HELD_BACK, endsAt }] } })
  await using first = place.start()
  await first.ops().new({ name: 'a', text: 'go' })
  await first.event(({ type }) => type === 'usage.updated')
  return place
}

it.each([
  ['before its history is read again', 'thread/turns/list'],
  ['after its history was read', 'thread/items/list'],
])('a turn that ends %s has completed, and nothing else', async (_when, endsAt) => {
  await using place = await makeEnding(endsAt)
  await using next = place.start()
  const waited = await next.ops().wait({ lanes: ['@a'] })
  expect(waited.lanes).toMatchObject([{ outcome: 'completed', lastMessage: HELD_BACK }])
  const { deliveries } = await next.ops().delivery.list({ lane: '@a' })
  expect(deliveries).toMatchObject([{ outcome: 'completed' }])
})

it('an end that comes after a turn was judged cut takes the place of the judgement', async () => {
  await using place = await makeEnding('thread/name/set')
  await using next = place.start()
  await next.event(({ type }) => type === 'turn.interrupted')
  const judged = await next.ops().wait({ lanes: ['@a'] })
  expect(judged.lanes).toMatchObject([{ turn: { reason: 'app-server lost' } }])
  const completed = next.event(({ type }) => type === 'turn.completed')
  await next.ops().rename({ lane: '@a', name: 'b' })
  expect((await completed).data).toMatchObject({ lastMessage: HELD_BACK })
  const waited = await next.ops().wait({ lanes: ['@b'] })
  expect(waited.lanes).toMatchObject([
    { outcome: 'completed', lastMessage: HELD_BACK, turn: { status: 'completed', reason: null } },
  ])
  const { deliveries } = await next.ops().delivery.list({ lane: '@b' })
  expect(deliveries).toMatchObject([{ outcome: 'completed' }])
})
