import { connectCodex, connectWebSocket } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from './composed.ts'

/** Another client of the place's app-server. */
const makeOther = async (place: Place) =>
  await connectCodex({
    transport: await connectWebSocket({ socketPath: `${place.root}/home/codex.sock` }),
    clientInfo: { name: 'other', title: 'other', version: '1' },
    onFault: () => {},
  })

describe('archiving a lane', () => {
  it('is refused while a message is on its way, and not with force', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ stopAt: 'agentMessage/started' }],
        methods: { 'turn/start': [{ do: 'delay', ms: 300 }] },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const sending = running.ops().send({ lane: '@a', text: 'x' })
    await running.event(({ type }) => type === 'delivery.submitting')
    await expect(running.ops().archive({ lane: '@a' })).rejects.toMatchObject({
      cause: { code: 'lane_busy' },
    })
    await sending
    const archived = await running.ops().archive({ lane: '@a', force: true })
    expect(archived).toMatchObject({ status: 'archived' })
    await running.ops().daemon.shutdown({ codex: true })
  })

  it('works with force where the turn cannot be stopped', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ stopAt: 'agentMessage/started' }],
        methods: {
          'thread/backgroundTerminals/clean': [
            { do: 'error', code: -32600, message: 'no', times: 'always' },
          ],
        },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'x' })
    const archived = await running.ops().archive({ lane: '@a', force: true })
    expect(archived).toMatchObject({ status: 'archived' })
  })

  it('elsewhere while no daemon listened is learned when the lane is loaded', async () => {
    await using place = await makePlace({ scenario: { turns: [{ reply: 'hi' }] } })
    let id = ''
    {
      await using first = place.start()
      id = (await first.ops().new({ name: 'a', text: 'x', wait: true })).id
    }
    {
      await using other = await makeOther(place)
      await other.request('thread/archive', { threadId: id })
    }
    await using second = place.start()
    await expect(second.ops().send({ lane: '@a', text: 'x' })).rejects.toThrow('archived')
    const archived = await second.ops().archive({ lane: id })
    expect(archived).toMatchObject({ status: 'archived', notes: [expect.any(String)] })
    expect(await second.ops().restore({ lane: id })).toMatchObject({ status: 'idle' })
  })

  it('that is archived already is done, and another client restores it', async () => {
    await using place = await makePlace({ scenario: { turns: [{ reply: 'hi' }] } })
    let id = ''
    {
      await using first = place.start()
      id = (await first.ops().new({ name: 'a', text: 'x', wait: true })).id
    }
    await using other = await makeOther(place)
    await other.request('thread/archive', { threadId: id })
    await using second = place.start()
    expect(await second.ops().archive({ lane: '@a' })).toMatchObject({ status: 'archived' })
    await other.request('thread/unarchive', { threadId: id })
    await second.event(({ type }) => type === 'lane.restored')
    expect(await second.ops().get({ lane: '@a' })).toMatchObject({ status: 'idle' })
  })
})
