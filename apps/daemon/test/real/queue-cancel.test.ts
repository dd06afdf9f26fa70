// A message that is cancelled once it is on its way. Both orders, each held, are in ../queue-cancel.test.ts.
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../composed.ts'

const asked = ({ model }: Place, text: string): number =>
  model.requests.filter(({ prompt }) => prompt?.text === text).length

describe('a message that is cancelled while it leaves', () => {
  it('is refused as soon as it is on its way, and says where it is', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ops = running.ops
    await ops().new({ name: 'a', send: false })
    const sent = ops().send({ lane: '@a', text: 'reply: gone', mode: 'queue' })
    const { data } = await running.event(({ type }) => type === 'delivery.submitting')
    const target = String(data.deliveryId)
    await expect(ops().queue.cancel({ target })).rejects.toMatchObject({
      cause: {
        code: 'conflict',
        message: expect.stringMatching(/is on its way to Codex|is in Codex already/) as string,
        hint: `dispatch delivery get ${target}`,
      },
    })
    expect((await sent).delivery).toMatchObject({ id: target, state: 'accepted' })
    // The whole queue is nothing by now.
    expect(await ops().queue.cancel({ target: '@a', all: true })).toEqual({ cancelled: [] })
    await ops().wait({ lanes: ['@a'] })
    expect(asked(place, 'reply: gone')).toBe(1)
  })

  it('is not taken for a lane, which wants --all', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref } = await running.ops().new({ name: 'a', send: false })
    for (const target of ['@a', ref])
      await expect(running.ops().queue.cancel({ target })).rejects.toMatchObject({
        cause: { code: 'not_found', hint: `dispatch queue cancel ${ref} --all` },
      })
  })
})
