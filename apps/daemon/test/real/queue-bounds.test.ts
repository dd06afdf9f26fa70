import { bounds } from '@dispatch/contract'
import type { DeliveryRow } from '@dispatch/store'
import { expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from '../composed.ts'

const fullError = (bound: number) => ({
  cause: {
    code: 'lane_busy',
    message: expect.stringContaining(`at most ${bound}`) as string,
    hint: expect.stringContaining('dispatch queue resume') as string,
  },
})

/** A paused lane with a message that has failed and one that waits. */
const pausedLane = async (running: RunningDaemon) => {
  await running.ops().new({ name: 'a', send: false })
  const failing = { lane: '@a', text: 'fail: http 400', wait: true }
  const failed = (await running.ops().send(failing)).delivery.id
  await running.ops().queue.pause({ lane: '@a' })
  const input = { lane: '@a', text: 'reply: first', mode: 'queue' as const }
  const first = (await running.ops().send(input)).delivery.id
  const row = running.store.deliveries.get(first)
  if (!row) throw new Error('nothing waits')
  const more = (id: string, part: Partial<DeliveryRow>): void =>
    running.store.deliveries.enqueue({ ...row, id, ...part })
  return { failed, first, more }
}

it('a queue of as many characters as it may have grows by no edit, no retry, no message', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const { failed, first, more } = await pausedLane(running)
  const ops = running.ops
  more('big', { textLength: bounds.queueCharacters - 'reply: first'.length })
  const full = fullError(bounds.queueCharacters)
  await expect(ops().queue.edit({ message: first, text: 'reply: second' })).rejects.toMatchObject(
    full,
  )
  await expect(ops().delivery.retry({ delivery: failed, text: 'x' })).rejects.toMatchObject(full)
  await expect(ops().send({ lane: '@a', text: 'x', mode: 'queue' })).rejects.toMatchObject(full)
  expect((await ops().queue.get({ message: first })).text).toBe('reply: first')
  expect((await ops().delivery.get({ delivery: failed })).retriedBy).toBeNull()

  expect(await ops().queue.edit({ message: first, text: 'reply: other' })).toMatchObject({
    text: 'reply: other',
  })
  await ops().queue.edit({ message: first, text: 'reply: 1' })
  expect(await ops().delivery.retry({ delivery: failed, text: 'ok' })).toMatchObject({
    state: 'queued',
  })
})

it('a queue of as many messages as it may have takes no more, whatever makes them', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const { failed, first, more } = await pausedLane(running)
  const ops = running.ops
  for (let at = 1; at < bounds.queueMessages; at += 1) more(`more-${at}`, {})
  const full = fullError(bounds.queueMessages)
  await expect(ops().delivery.retry({ delivery: failed, text: 'x' })).rejects.toMatchObject(full)
  await expect(ops().send({ lane: '@a', text: 'x', mode: 'queue' })).rejects.toMatchObject(full)
  // Its place is its own.
  expect(await ops().queue.edit({ message: first, text: 'reply: longer by far' })).toMatchObject({
    position: 1,
  })
  await ops().queue.cancel({ target: first })
  expect((await ops().send({ lane: '@a', text: 'x', mode: 'queue' })).delivery.state).toBe('queued')
})
