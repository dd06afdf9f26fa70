// Requests on Codex's own server, which a person uses through another program at the same time.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'
import { startSharedCodex, useConnection } from '../../shared-codex.ts'
import { again, askOnNewLane, done } from './asking.ts'
import { joinAsOther } from './other-client.ts'

describe('a request of a lane on the shared server', () => {
  it('is answered by another client, which is seen and recorded', async () => {
    await using place = await makePlace()
    useConnection(place, 'shared')
    await using _codex = await startSharedCodex(place)
    await using running = place.start()
    const { id, ref, request } = await askOnNewLane(running, 'shell: touch made\nreply: done')
    expect((await running.ops().get({ lane: ref })).status).toBe('waiting_approval')
    await using other = await joinAsOther(running, id)
    other.says('accept')
    const closed = await running.event(({ type }) => type === 'request.closed')
    expect(closed).toMatchObject({
      lane: { id },
      data: { requestId: request.id, state: 'elsewhere' },
    })
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed', lastMessage: 'done' })
    expect(existsSync(join(place.work, 'made'))).toBe(true)
    expect(await again(running, request)).toMatchObject({
      state: 'elsewhere',
      decision: null,
      answeredBy: null,
    })
    expect((await running.ops().request.list({ lane: ref })).requests).toEqual([])
    await expect(running.ops().request.deny({ id: request.id })).rejects.toMatchObject({
      cause: { code: 'conflict' },
    })
  })

  it('is answered by dispatch beside another client', async () => {
    await using place = await makePlace()
    useConnection(place, 'shared')
    await using _codex = await startSharedCodex(place)
    await using running = place.start()
    const { id, ref, request } = await askOnNewLane(running, 'shell: touch made')
    await using _other = await joinAsOther(running, id)
    await running.ops().request.approve({ id: request.id })
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed' })
    expect(existsSync(join(place.work, 'made'))).toBe(true)
  })

  it('is not denied by its time limit, which the other client has not', async () => {
    const postponed: string[] = []
    const twice = Promise.withResolvers<void>()
    const info = (event: string): void => {
      if (event !== 'request.postponed') return
      if (postponed.push(event) === 2) twice.resolve()
    }
    const log = { debug: () => {}, info, warn: () => {}, error: () => {} }
    await using place = await makePlace({ log })
    useConnection(place, 'shared', '[policy]\nrequest_timeout_seconds = 1\n')
    await using _codex = await startSharedCodex(place)
    await using running = place.start()
    const { id, ref, request } = await askOnNewLane(running, 'shell: touch made\nreply: done')
    await using other = await joinAsOther(running, id)
    // Its time has run out, again and again.
    await twice.promise
    expect(await again(running, request)).toMatchObject({ state: 'pending', decision: null })
    other.says('accept')
    await running.event(({ type }) => type === 'turn.completed')
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed', lastMessage: 'done' })
    expect((await again(running, request)).state).toBe('elsewhere')
    const { entries } = await running.ops().daemon.log({ op: 'request.answer' })
    expect(entries).toEqual([])
  })
})
