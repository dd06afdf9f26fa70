import { describe, expect, it } from 'vitest'
import { makePlace } from '../composed.ts'

describe('turns on the real Codex', () => {
  it('stops a turn in the middle and takes the next message', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: 'slow', text: 'gate: half' })
    expect(lane).toMatchObject({ status: 'busy', messageAccepted: true })
    await place.model.waitForGate('half')
    await expect(running.ops().send({ lane: lane.ref, text: 'x' })).rejects.toMatchObject({
      cause: { code: 'lane_busy' },
    })
    const stopped = await running.ops().stop({ lane: lane.ref })
    expect(stopped.lanes).toMatchObject([{ stopped: true, status: 'idle' }])
    const after = await running.ops().get({ lane: lane.ref })
    expect(after).toMatchObject({
      latestTurn: { status: 'interrupted' },
      flags: { held: true },
      activeTurn: null,
    })
    await expect(running.ops().stop({ lane: lane.ref })).rejects.toMatchObject({
      cause: { code: 'validation' },
    })
    const sent = await running.ops().send({ lane: '@slow', text: 'reply: on', wait: true })
    expect(sent.lastMessage).toBe('on')
    expect((await running.ops().get({ lane: lane.ref })).flags.held).toBe(false)
  })

  it('stops a lane right after its message was taken', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const sending = running.ops().send({ lane: '@a', text: 'hang: headers' })
    await running.event(({ type }) => type === 'delivery.submitting')
    await sending
    expect((await running.ops().stop({ lane: '@a' })).lanes).toMatchObject([{ stopped: true }])
  })

  it('reports a failed turn with the kind of Codex, and holds the lane', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'fail: http 500', wait: true })
    expect(made.error).toMatchObject({ code: 'turn_failed' })
    expect(made.latestTurn).toMatchObject({
      status: 'failed',
      error: { kind: 'internalServerError' },
    })
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited).toMatchObject({ met: true, lanes: [{ outcome: 'failed' }] })
    expect(waited.error?.code).toBe('turn_failed')
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'error',
      flags: { held: true },
    })
  })

  it('gives up a wait when time is up, and the turn goes on', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    const waited = await running.ops().wait({ lanes: ['@a'], timeoutSeconds: 0 })
    expect(waited).toMatchObject({ met: false, error: { code: 'timeout' } })
    place.model.open('g')
    const done = await running.ops().wait({ lanes: ['@a'] })
    expect(done).toMatchObject({ met: true, error: null, lanes: [{ outcome: 'completed' }] })
  })

  it('sends the settings of a lane with every turn, and an override with one turn alone', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: 'a', effort: 'low', text: 'reply: 1', wait: true })
    await running
      .ops()
      .send({ lane: lane.ref, text: 'reply: 2', effort: 'high', model: 'other-model', wait: true })
    await running.ops().send({ lane: lane.ref, text: 'reply: 3', wait: true })
    const asked = place.model.requests
      .filter(({ prompt }) => prompt?.kind === 'user')
      .map(({ effort, model }) => ({ effort, model }))
    expect(asked).toEqual([
      { effort: 'low', model: 'simulated-model' },
      { effort: 'high', model: 'other-model' },
      { effort: 'low', model: 'simulated-model' },
    ])
  })
})
