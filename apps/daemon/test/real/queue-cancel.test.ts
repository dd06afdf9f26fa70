// A message that is cancelled while it leaves: whichever comes first wins, and the other is told.
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const asked = ({ model }: Place, text: string): number =>
  model.requests.filter(({ prompt }) => prompt?.text === text).length

type Settled = PromiseSettledResult<unknown>

const codeOf = (settled: Settled): unknown =>
  settled.status === 'fulfilled' ? null : (settled.reason as { cause: { code: string } }).cause.code

/** Cancels the one message of a paused lane some turns of the event loop after it was let go. */
const race = async (running: RunningDaemon, text: string, hops: number): Promise<boolean> => {
  const ops = running.ops
  await ops().queue.pause({ lane: '@a' })
  const { delivery } = await ops().send({ lane: '@a', text, mode: 'queue' })
  const resumed = ops().queue.resume({ lane: '@a' })
  for (let hop = 0; hop < hops; hop += 1) await setImmediate()
  const [cancelled] = await Promise.allSettled([
    ops().queue.cancel({ target: delivery.id }),
    resumed,
  ])
  await ops().wait({ lanes: ['@a'] })
  const row = await ops().delivery.get({ delivery: delivery.id })
  const { state } = row
  const refusal = codeOf(cancelled)
  if (state === 'cancelled') {
    expect(refusal).toBeNull()
    expect(row).toMatchObject({ turnId: null, acceptedAt: null, submittedAt: null })
  } else {
    expect(refusal).toBe('conflict')
    expect(row).toMatchObject({ state: 'accepted', outcome: 'completed' })
  }
  return state === 'cancelled'
}

describe('a message that is cancelled while it leaves', () => {
  it.each([
    ['on a lane that is loaded', false, [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64]],
    // To release a lane takes seconds.
    ['on a lane that is loaded first', true, [0, 4, 32]],
  ])('was never sent, or its cancelling is refused: %s', async (_where, unloads, hops) => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: here', wait: true })
    let cancelled = 0
    for (const [at, count] of hops.entries()) {
      if (unloads) await running.ops().release({ lane: '@a' })
      const text = `reply: ${at}`
      const isCancelled = await race(running, text, count)
      expect(asked(place, text)).toBe(isCancelled ? 0 : 1)
      cancelled += isCancelled ? 1 : 0
    }
    // At once it still waits.
    expect(cancelled).toBeGreaterThan(0)
    expect((await running.ops().daemon.status({})).deliveries).toMatchObject({ submitting: 0 })
  })

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
})
