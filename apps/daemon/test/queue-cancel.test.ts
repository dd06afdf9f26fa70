// A message that a person takes back while something is done with it: whichever comes first wins, and the
// other is told. What is done is held at a gate.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeGate } from '@dispatch/fake-app-server'
import { expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from './composed.ts'

const saidIn = async (running: RunningDaemon): Promise<string[]> => {
  const { items } = await running.ops().tail({ lane: '@a' })
  return items.flatMap(({ type, text }) => (type === 'userMessage' && text ? [text] : []))
}

/** A place whose App Server waits at a gate before it looks at the first request of that method. */
const makeGated = async (method: string) => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'dspg-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'gate')
  const gate = stack.use(await makeGate(path))
  const place = stack.use(
    await makePlace({ scenario: { methods: { [method]: [{ do: 'gate', path }] } } }),
  )
  const kept = stack.move()
  return { gate, place, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

it('was never sent where the cancelling comes while its lane is loaded', async () => {
  await using gated = await makeGated('thread/resume')
  const { gate, place } = gated
  {
    await using first = place.start()
    await first.ops().new({ name: 'a', send: false })
    await first.ops().queue.pause({ lane: '@a' })
  }
  await using running = place.start()
  const { ops } = running
  const { delivery } = await ops().send({ lane: '@a', text: 'one', mode: 'queue' })
  const resumed = ops().queue.resume({ lane: '@a' })
  await gate.reached
  const { cancelled } = await ops().queue.cancel({ target: delivery.id })
  expect(cancelled).toMatchObject([{ id: delivery.id, state: 'cancelled' }])
  gate.open()
  await resumed
  await ops().send({ lane: '@a', text: 'two', wait: true })
  expect(await ops().delivery.get({ delivery: delivery.id })).toMatchObject({
    state: 'cancelled',
    turnId: null,
    submittedAt: null,
    acceptedAt: null,
  })
  expect(await saidIn(running)).toEqual(['two'])
})

it('is sent where it was on its way before, and the cancelling is refused', async () => {
  await using gated = await makeGated('turn/start')
  const { gate, place } = gated
  await using running = place.start()
  const { ops } = running
  await ops().new({ name: 'a', send: false })
  const sent = ops().send({ lane: '@a', text: 'one', mode: 'queue' })
  await gate.reached
  const { data } = await running.event(({ type }) => type === 'delivery.submitting')
  const target = String(data['deliveryId'])
  await expect(ops().queue.cancel({ target })).rejects.toMatchObject({
    cause: {
      code: 'conflict',
      message: expect.stringContaining('is on its way to Codex') as string,
      hint: `dispatch delivery get ${target}`,
    },
  })
  gate.open()
  expect((await sent).delivery).toMatchObject({ id: target, state: 'accepted' })
  await ops().wait({ lanes: ['@a'] })
  expect(await ops().delivery.get({ delivery: target })).toMatchObject({ outcome: 'completed' })
  expect(await saidIn(running)).toEqual(['one'])
})

it('is discarded after the judgement that is being made, or not at all', async () => {
  await using gated = await makeGated('thread/items/list')
  const { gate, place } = gated
  await using running = place.start()
  const { ops, store } = running
  await ops().new({ name: 'a', send: false })
  await ops().queue.pause({ lane: '@a' })
  const { delivery } = await ops().send({ lane: '@a', text: 'one', mode: 'queue' })
  // As after a crash in which it left, with nothing that tells whether it arrived.
  store.deliveries.update(delivery.id, { state: 'ambiguous', rolloutBytes: 0 })
  const judged = ops().delivery.reconcile({ target: delivery.id })
  await gate.reached
  const discarding = Promise.allSettled([ops().delivery.discard({ delivery: delivery.id })])
  gate.open()
  expect((await judged).deliveries).toMatchObject([{ id: delivery.id, state: 'queued' }])
  const conflict = { code: 'conflict', hint: `dispatch queue cancel ${delivery.id} --yes` }
  expect(await discarding).toMatchObject([{ status: 'rejected', reason: { cause: conflict } }])
  await ops().queue.resume({ lane: '@a' })
  await ops().wait({ lanes: ['@a'] })
  expect(await saidIn(running)).toEqual(['one'])
})
