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

it('a message that was edited while it waited is the same message to who sends it again', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const ops = running.ops
  await ops().new({ name: 'a', send: false })
  await ops().queue.pause({ lane: '@a' })
  const id = '01990000-0000-7000-8000-00000000cafe'
  const keyed = { lane: '@a', text: 'reply: 1', mode: 'queue', idempotencyKey: 'k' } as const
  const plain = { lane: '@a', text: 'reply: 2', mode: 'queue' } as const
  const first = (await ops().send(keyed)).delivery.id
  await ops({ id }).send(plain)
  await ops().queue.edit({ message: first, text: 'reply: one' })
  await ops().queue.edit({ message: id, text: 'reply: two' })

  expect((await ops().send(keyed)).delivery).toMatchObject({ id: first, state: 'queued' })
  expect((await ops({ id }).send(plain)).delivery).toMatchObject({ id, state: 'queued' })
  const several = {
    to: ['@a'],
    text: 'reply: 3',
    mode: 'queue' as const,
    idempotencyKey: 'several',
  }
  const third = (await ops().sendTo(several)).lanes[0]?.delivery?.id ?? ''
  await ops().queue.edit({ message: third, text: 'reply: three' })
  expect((await ops().sendTo(several)).lanes).toMatchObject([{ delivery: { id: third } }])
  // A key stands for one request, to one lane or to several.
  const mixed = { code: 'conflict', details: { key: 'several' } }
  await expect(ops().send({ ...keyed, idempotencyKey: 'several' })).rejects.toMatchObject({
    cause: mixed,
  })
  const other = await ops().sendTo({ ...several, idempotencyKey: 'k' })
  expect(other.lanes).toMatchObject([
    { delivery: null, error: { code: 'conflict', details: { delivery: first, key: 'k' } } },
  ])
  // What it was edited to is another request.
  for (const [again, call] of [
    [{ ...keyed, text: 'reply: one' }, ops()],
    [{ ...plain, text: 'reply: two' }, ops({ id })],
  ] as const) {
    await expect(call.send(again)).rejects.toMatchObject({ cause: { code: 'conflict' } })
  }

  await ops().queue.resume({ lane: '@a' })
  await ops().wait({ lanes: ['@a'] })
  const texts = place.model.requests.flatMap(({ prompt }) => (prompt ? [prompt.text] : []))
  expect(texts).toEqual(['reply: one', 'reply: two', 'reply: three'])
  expect((await ops().send(keyed)).delivery).toMatchObject({ id: first, outcome: 'completed' })
})
