import { expect, it } from 'vitest'
import { makePlace } from '../composed.ts'

it('a request made again under its key is the same one, and another is refused', async () => {
  await using place = await makePlace()
  const made = { name: 'a', text: 'reply: 0', idempotencyKey: 'new-1' }
  const sent = { lane: '@a', text: 'reply: 1', idempotencyKey: 'send-1' }
  let id: string
  let delivery: string
  {
    await using first = place.start()
    id = (await first.ops().new({ ...made, wait: true })).id
    expect((await first.ops().new(made)).id).toBe(id)
    const one = await first.ops().send({ ...sent, wait: true })
    delivery = one.delivery.id
    expect(one.delivery.outcome).toBe('completed')
  }
  await using second = place.start()
  expect((await second.ops().new(made)).id).toBe(id)
  expect((await second.ops().send(sent)).delivery).toMatchObject({
    id: delivery,
    outcome: 'completed',
  })
  await expect(second.ops().send({ ...sent, text: 'other' })).rejects.toMatchObject({
    cause: { code: 'conflict', details: { delivery } },
  })
  await expect(second.ops().new({ ...made, name: 'b' })).rejects.toMatchObject({
    cause: { code: 'conflict' },
  })
  const refused = { lane: '@a', text: 'x', mode: 'steer', idempotencyKey: 'k' } as const
  await expect(second.ops().send(refused)).rejects.toThrow()
  const free = { lane: '@a', text: 'reply: 2', wait: true, idempotencyKey: 'k' }
  expect((await second.ops().send(free)).lastMessage).toBe('2')
  const texts = place.model.requests.flatMap(({ prompt }) => (prompt ? [prompt.text] : []))
  expect(texts.filter((text) => text === 'reply: 1')).toHaveLength(1)
  expect(texts.filter((text) => text === 'reply: 0')).toHaveLength(1)
})
