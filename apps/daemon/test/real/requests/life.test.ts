import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'
import { again, askOnNewLane, done, requestOf } from './asking.ts'
import { joinAsOther } from './other-client.ts'

const configure = (root: string, policy: string): void =>
  writeFileSync(join(root, 'home', 'config.toml'), `[policy]\n${policy}\n`)

describe('a request that waits', () => {
  it('outlives the daemon: the next one is asked the same again, and its answer counts', async () => {
    await using place = await makePlace()
    let asked
    {
      await using first = place.start()
      asked = await askOnNewLane(first, 'shell: touch made')
    }
    await using second = place.start()
    const { ref, request } = asked
    expect(await requestOf(second, ref)).toEqual(request)
    await second.ops().request.approve({ id: request.id })
    expect(await done(second, ref)).toMatchObject({ outcome: 'completed' })
    expect(existsSync(join(place.work, 'made'))).toBe(true)
    const opened: unknown[] = []
    await second.event(({ type }) => {
      if (type === 'request.opened') opened.push(type)
      return type === 'request.answered'
    })
    expect(opened).toHaveLength(1)
    expect((await second.ops().request.list({ state: 'all' })).requests).toHaveLength(1)
  })

  it('of a sub-agent outlives the daemon, too', async () => {
    await using place = await makePlace()
    let ref = ''
    let request
    {
      await using first = place.start()
      const made = await first.ops().new({
        name: 'a',
        sandbox: 'workspace-write',
        approvalPolicy: 'untrusted',
        text: 'tool: multi_agent_v1.spawn_agent {"message":"shell: touch made","agent_type":"default"}',
      })
      ref = made.ref
      request = await requestOf(first, ref)
    }
    await using second = place.start()
    expect((await second.ops().get({ lane: ref })).status).toBe('waiting_approval')
    await second.ops().request.approve({ id: request.id })
    await second.event(({ data }) => data['from'] === 'waiting_approval' && data['to'] === 'idle')
    expect((await again(second, request)).state).toBe('answered')
  })

  it('that another client answered while no daemon lived is settled elsewhere', async () => {
    await using place = await makePlace()
    let asked
    let other
    {
      await using first = place.start()
      asked = await askOnNewLane(first, 'shell: touch made\ngate: g\nreply: on')
      other = await joinAsOther(first, asked.id)
    }
    await using _other = other
    other.says('accept')
    await place.model.waitForGate('g')
    await using second = place.start()
    await second.event(({ type }) => type === 'request.closed')
    expect(await again(second, asked.request)).toMatchObject({ state: 'elsewhere', decision: null })
    expect((await second.ops().get({ lane: asked.ref })).status).toBe('busy')
    place.model.open('g')
    await done(second, asked.ref)
  })

  it('is lost with its App Server', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    process.kill(running.daemon.link.instance()?.pid ?? 0, 'SIGKILL')
    await running.event(({ type, data }) => type === 'request.closed' && data['state'] === 'lost')
    expect(await again(running, request)).toMatchObject({ state: 'lost' })
    await expect(running.ops().request.approve({ id: request.id })).rejects.toMatchObject({
      cause: { code: 'conflict', message: expect.stringContaining('App Server') as string },
    })
    const sent = await running.ops().send({ lane: ref, text: 'reply: again', wait: true })
    expect(sent.lastMessage).toBe('again')
  })

  it('is lost, too, when the App Server died while no daemon lived', async () => {
    await using place = await makePlace()
    let asked
    {
      await using first = place.start()
      asked = await askOnNewLane(first, 'shell: touch made')
      process.kill(first.daemon.link.instance()?.pid ?? 0, 'SIGKILL')
    }
    await using second = place.start()
    await second.event(({ type }) => type === 'turn.interrupted')
    expect((await again(second, asked.request)).state).toBe('lost')
    expect((await second.ops().get({ lane: asked.ref })).status).toBe('idle')
  })

  it('is settled elsewhere when another client answers first', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { id, request } = await askOnNewLane(running, 'shell: touch made')
    await using other = await joinAsOther(running, id)
    other.says('accept')
    await running.event(({ type }) => type === 'turn.completed')
    expect(await again(running, request)).toMatchObject({
      state: 'elsewhere',
      decision: null,
      answeredBy: null,
    })
    await expect(running.ops().request.deny({ id: request.id })).rejects.toMatchObject({
      cause: { code: 'conflict' },
    })
  })

  it('is taken from another client by an answer of ours', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { id, ref, request } = await askOnNewLane(running, 'shell: touch made')
    await using _other = await joinAsOther(running, id)
    await running.ops().request.approve({ id: request.id })
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed' })
    expect((await again(running, request)).decision).toBe('approve')
  })
})

describe('a time limit', () => {
  it('declines a command, and the turn goes on', async () => {
    await using place = await makePlace()
    configure(place.root, 'request_timeout_seconds = 1')
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    expect(request.expiresAt).toBe(new Date(Date.parse(request.createdAt) + 1_000).toISOString())
    await running.event(({ type }) => type === 'request.expired')
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed' })
    expect(await again(running, request)).toMatchObject({
      state: 'expired',
      decision: 'deny',
      answeredBy: 'timeout',
    })
    expect(existsSync(join(place.work, 'made'))).toBe(false)
    const { entries } = await running.ops().daemon.log({ op: 'request.answer' })
    expect(entries).toMatchObject([{ outcome: 'expired', actor: 'daemon' }])
  })

  it('holds across a restart of the daemon', async () => {
    await using place = await makePlace()
    let asked
    {
      await using first = place.start()
      asked = await askOnNewLane(first, 'shell: touch made', { requestTimeoutSeconds: 2 })
    }
    await using second = place.start()
    await second.event(({ type }) => type === 'request.expired')
    expect(await again(second, asked.request)).toMatchObject({
      state: 'expired',
      expiresAt: asked.request.expiresAt,
    })
    await done(second, asked.ref)
  })

  it('denies nothing while another client has joined', async () => {
    const postponed = Promise.withResolvers<void>()
    const info = (event: string) => event === 'request.postponed' && postponed.resolve()
    const log = { debug: () => {}, info: (event: string) => void info(event) }
    await using place = await makePlace({ log: { ...log, warn: () => {}, error: () => {} } })
    await using running = place.start()
    const { id, ref, request } = await askOnNewLane(running, 'shell: touch made', {
      requestTimeoutSeconds: 1,
    })
    await using other = await joinAsOther(running, id)
    await postponed.promise
    expect((await again(running, request)).state).toBe('pending')
    other.says('accept')
    await running.event(({ type }) => type === 'turn.completed')
    expect((await again(running, request)).state).toBe('elsewhere')
    expect((await running.ops().get({ lane: ref })).status).toBe('idle')
  })
})
