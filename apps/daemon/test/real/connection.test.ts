import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CodexNotification } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../composed.ts'
import { joinShared, sharedSocketOf, startSharedCodex, useConnection } from '../shared-codex.ts'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const turnIdOf = (notification: CodexNotification): string | null =>
  (notification.params as { turn?: { id?: string } }).turn?.id ?? null

describe('connection = "shared"', () => {
  it('joins the server of Codex: two clients see the same turns, and neither ends it', async () => {
    await using place = await makePlace()
    useConnection(place, 'shared')
    await using codex = await startSharedCodex(place)
    const seen: { method: string; turnId: string | null }[] = []
    const woken: (() => void)[] = []
    await using other = await joinShared(place, (notification) => {
      if (!/^turn\/(?:started|completed)$/.test(notification.method)) return
      seen.push({ method: notification.method, turnId: turnIdOf(notification) })
      for (const wake of woken.splice(0)) wake()
    })
    const sees = async (method: string, turnId: string | null): Promise<void> => {
      while (!seen.some((one) => one.method === method && one.turnId === turnId)) {
        await new Promise<void>((resolve) => void woken.push(resolve))
      }
    }
    let laneId = ''
    {
      await using running = place.start()
      const made = await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
      laneId = made.id
      expect(made).toMatchObject({ lastMessage: 'one', error: null })
      expect((await running.ops().daemon.status({})).codex).toMatchObject({
        state: 'ready',
        connection: 'shared',
        pid: codex.pid,
        socket: sharedSocketOf(place),
      })
      // No server of our own was started or remembered.
      expect(existsSync(join(place.root, 'home', 'codex.sock'))).toBe(false)
      expect(running.store.runtime.get('codex.server')).toBeNull()

      // The other joins the lane, which needs no lock of its own on this server, and sees our turn.
      await other.request('thread/resume', { threadId: laneId, excludeTurns: true })
      const sent = await running.ops().send({ lane: '@a', text: 'reply: two', wait: true })
      await sees('turn/started', sent.turn?.id ?? '')
      await sees('turn/completed', sent.turn?.id ?? '')

      // We see the other's turn, as an event and in the lane.
      const { turn } = await other.request('turn/start', {
        threadId: laneId,
        input: [{ type: 'text', text: 'reply: from the other', text_elements: [] }],
      })
      const ended = await running.event(
        ({ type, data }) => type === 'turn.completed' && data.turnId === turn.id,
      )
      expect(ended.lane).toMatchObject({ id: laneId })
      await sees('turn/completed', turn.id)
      expect(await running.ops().get({ lane: '@a' })).toMatchObject({
        lastMessage: 'from the other',
        latestTurn: { id: turn.id },
      })
      // While the other's turn runs, the lane is busy for us.
      await other.request('turn/start', {
        threadId: laneId,
        input: [{ type: 'text', text: 'gate: g\nreply: held', text_elements: [] }],
      })
      await place.model.waitForGate('g')
      await expect(running.ops().send({ lane: '@a', text: 'x' })).rejects.toMatchObject({
        cause: { code: 'lane_busy' },
      })
      // Turns go on without us, so down ends the daemon alone and has nothing to wait for.
      expect(await running.ops().daemon.shutdown({ codex: true })).toMatchObject({ codexPid: null })
      place.model.open('g')
      await running.ops().wait({ lanes: ['@a'] })
      expect(await running.daemon.link.end()).toBeNull()
      expect(isAlive(codex.pid)).toBe(true)
    }
    // The next daemon joins it again, and the other was never cut off.
    await using again = place.start()
    const sent = await again.ops().send({ lane: '@a', text: 'reply: three', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'three', error: null })
    await sees('turn/completed', sent.turn?.id ?? '')
  })

  it('waits for Codex where it does not run, and comes back with it; starts and ends nothing', async () => {
    await using place = await makePlace()
    useConnection(place, 'shared')
    await using running = place.start()
    await running.event(({ type }) => type === 'daemon.started')
    await expect(running.ops().new({ name: 'a', send: false })).rejects.toMatchObject({
      cause: { code: 'app_server', hint: expect.stringContaining('Open Codex') as string },
    })
    {
      await using codex = await startSharedCodex(place)
      await running.event(({ type, data }) => type === 'codex.joined' && data.pid === codex.pid)
      const made = await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
      expect(made).toMatchObject({ lastMessage: 'one', error: null })
    }
    await running.event(({ type }) => type === 'codex.lost')
    await using next = await startSharedCodex(place)
    await running.event(({ type, data }) => type === 'codex.joined' && data.pid === next.pid)
    const sent = await running.ops().send({ lane: '@a', text: 'reply: two', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'two', error: null })
  })

  it('ends the own server of an earlier configuration, which would keep its locks', async () => {
    await using place = await makePlace()
    let own = 0
    {
      await using running = place.start()
      await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
      own = running.codexPid()
    }
    expect(isAlive(own)).toBe(true)
    useConnection(place, 'shared')
    await using _codex = await startSharedCodex(place)
    await using running = place.start()
    const sent = await running.ops().send({ lane: '@a', text: 'reply: two', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'two', error: null })
    expect(isAlive(own)).toBe(false)
  })
})

describe('connection = "stdio"', () => {
  it('runs a child that ends with the daemon; lanes go on with the next one', async () => {
    await using place = await makePlace()
    useConnection(place, 'stdio')
    let child = 0
    {
      await using running = place.start()
      const made = await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
      expect(made).toMatchObject({ lastMessage: 'one', error: null })
      const { codex } = await running.ops().daemon.status({})
      expect(codex).toMatchObject({ state: 'ready', connection: 'stdio', socket: null })
      child = codex.pid ?? 0
      expect(isAlive(child)).toBe(true)
    }
    expect(isAlive(child)).toBe(false)
    await using running = place.start()
    const sent = await running.ops().send({ lane: '@a', text: 'reply: two', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'two', error: null })
  })

  it('is replaced when it is killed, and its busy lanes learn of it', async () => {
    await using place = await makePlace()
    useConnection(place, 'stdio')
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g\nreply: never' })
    await place.model.waitForGate('g')
    // Leaving would cut the turn, so it is refused, whether Codex was named or not.
    await expect(running.ops().daemon.shutdown({ codex: false })).rejects.toMatchObject({
      cause: { code: 'lane_busy' },
    })
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type }) => type === 'turn.interrupted')
    place.model.open('g')
    const sent = await running.ops().send({ lane: '@a', text: 'reply: again', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'again', error: null })
  })
})
