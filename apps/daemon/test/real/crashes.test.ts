import { readFileSync, renameSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DispatchEvent } from '@dispatch/contract'
import { deliveryRow } from '../bench.ts'
import { makePlace, type RunningDaemon } from '../composed.ts'
import { freeze } from '../freezing.ts'
import { leftovers } from '../leftovers.ts'

const everything = async (running: RunningDaemon): Promise<DispatchEvent[]> => {
  const last = (await running.ops().daemon.status({})).lastCursor
  const abort = new AbortController()
  const events: DispatchEvent[] = []
  const call = { signal: abort.signal, after: null } as never
  for await (const { data } of running.daemon.services.watchFollow({ after: '0' }, call)) {
    if (data !== null) events.push(data)
    if (data?.cursor === last) abort.abort()
  }
  return events
}

const count = (events: DispatchEvent[], type: string): number =>
  events.filter((event) => event.type === type).length

/** Resolves when the turn of that rollout has ended. */
const turnEnded = async (rollout: string): Promise<void> => {
  const isEnded = (): boolean => readFileSync(rollout, 'utf8').includes('"task_complete"')
  const abort = new AbortController()
  const changes = watch(rollout, { signal: abort.signal })[Symbol.asyncIterator]()
  // The watch begins with what is asked of it first.
  let change = changes.next()
  while (!isEnded()) {
    await change
    change = changes.next()
  }
  abort.abort()
  await change.catch(() => undefined)
}

describe('crashes on the real Codex', () => {
  it('lets turns go on while no daemon lives, and fills up what was missed, once', async () => {
    await using place = await makePlace()
    let pid = 0
    let rollouts: string[] = []
    {
      await using first = place.start()
      for (const name of ['a', 'b', 'c']) {
        await first.ops().new({ name, text: `gate: ${name}\nreply: done ${name}` })
      }
      for (const name of ['a', 'b', 'c']) await place.model.waitForGate(name)
      pid = first.codexPid()
      rollouts = ['@a', '@b'].map(
        (handle) => first.store.lanes.byLiveHandle(handle)?.rolloutPath ?? '',
      )
    }
    for (const name of ['a', 'b']) place.model.open(name)
    await Promise.all(rollouts.map(turnEnded))
    // What stands still cannot be joined: until it goes on the next daemon has no connection.
    await freeze(pid)
    await using second = place.start()
    try {
      const { lanes } = await second.ops().list({})
      expect(second.daemon.link.instance()).toBeNull()
      // Its own App Server is nobody else's all the same.
      expect(lanes.map(({ flags }) => flags.runningElsewhere)).toEqual([false, false, false])
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    const done = await second.ops().wait({ lanes: ['@a', '@b'] })
    expect(done.error).toBeNull()
    expect(done.lanes.map(({ lastMessage }) => lastMessage)).toEqual(['done a', 'done b'])
    expect((await second.ops().get({ lane: '@c' })).status).toBe('busy')
    place.model.open('c')
    expect((await second.ops().wait({ lanes: ['@c'] })).error).toBeNull()
    const events = await everything(second)
    expect(count(events, 'turn.started')).toBe(3)
    expect(count(events, 'turn.completed')).toBe(3)
    expect(count(events, 'delivery.accepted')).toBe(3)
    const items = events.filter(({ type }) => type === 'item.completed')
    const keys = items.map(
      ({ lane, data }) => `${lane?.ref}/${String(data.turnId)}/${String(data.id)}`,
    )
    expect(new Set(keys).size).toBe(keys.length)
    // A user message and two answers a turn.
    expect(keys).toHaveLength(9)
    expect(events.filter(({ type, data }) => type === 'gap' && data.kind === 'live')).toHaveLength(
      1,
    )
    expect(count(events, 'codex.joined')).toBe(1)
  })

  it('shows the interruption when the app-server is killed, and the next send works', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    const pid = running.codexPid()
    process.kill(pid, 'SIGKILL')
    const cut = await running.event(({ type }) => type === 'turn.interrupted')
    expect(cut.data).toMatchObject({ reason: 'app-server lost' })
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'idle',
      flags: { held: false },
      latestTurn: { status: 'interrupted' },
    })
    await running.ops().new({ name: 'b', send: false })
    const first = async (): Promise<string | undefined> =>
      (await running.ops().list({ order: 'attention' })).lanes[0]?.handle
    const warnings = async () => (await running.ops().daemon.status({})).warnings
    expect(await first()).toBe('@a')
    expect(await warnings()).toEqual([
      expect.stringMatching(
        /^@a was cut off in its turn \(app-server lost\): dispatch tail /,
      ) as string,
    ])
    const sent = await running.ops().send({ lane: '@a', text: 'reply: again', wait: true })
    expect(sent.lastMessage).toBe('again')
    expect([await first(), await warnings()]).toEqual(['@b', []])
    expect(running.daemon.link.instance()?.pid).not.toBe(pid)
  })

  it('leaves a message to a person whose thread Codex cannot read any more', async () => {
    await using place = await makePlace()
    let pid = 0
    {
      await using first = place.start()
      const { id } = await first.ops().new({ name: 'a', text: 'reply: before', wait: true })
      pid = first.codexPid()
      const server = first.daemon.link.instance()
      // On its way when both ended.
      first.store.deliveries.insert(deliveryRow('d', id, { server, rolloutBytes: 1 }))
    }
    process.kill(pid, 'SIGKILL')
    const sessions = join(place.root, 'codex', 'sessions')
    renameSync(sessions, `${sessions}.away`)
    await using second = place.start()
    const told = await second.event(({ type }) => type === 'delivery.ambiguous')
    expect(told.data).toMatchObject({ deliveryId: 'd' })
    const [warning] = (await second.ops().daemon.status({})).warnings
    expect(warning).toContain('dispatch delivery reconcile d')
    renameSync(`${sessions}.away`, sessions)
    const { deliveries } = await second.ops().delivery.reconcile({ target: 'd' })
    expect(deliveries).toMatchObject([{ id: 'd', state: 'failed' }])
    const sent = await second.ops().send({ lane: '@a', text: 'reply: after', wait: true })
    expect(sent.lastMessage).toBe('after')
  })

  it('leaves no shell of a lane behind when the app-server is killed', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({
      name: 'a',
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
      text: 'shell: echo pid $$; exec sleep 300',
    })
    await running.event(
      ({ type, data }) => type === 'item.started' && data.type === 'commandExecution',
    )
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type }) => type === 'turn.interrupted')
    expect(leftovers(String(running.store.runtime.get('home.id')))).toEqual([])
  })

  it('replaces a Codex that was frozen while no daemon lived', async () => {
    await using place = await makePlace()
    let pid = 0
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'reply: before', wait: true })
      pid = first.codexPid()
    }
    await freeze(pid)
    await using second = place.start()
    const sent = await second.ops().send({ lane: '@a', text: 'reply: after', wait: true })
    expect(sent.lastMessage).toBe('after')
    expect(second.daemon.link.instance()?.pid).not.toBe(pid)
  })

  it('shows what it saw itself while Codex is frozen', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'reply: seen', wait: true })
    expect(await running.ops().tail({ lane: '@a' })).toMatchObject({ origin: 'codex', notes: [] })
    const pid = running.codexPid()
    await freeze(pid)
    try {
      const shown = await running.ops().tail({ lane: '@a' })
      expect(shown).toMatchObject({ id: made.id, origin: 'registry' })
      expect(shown.items.map(({ text }) => text)).toContain('seen')
      expect(shown.notes).toEqual([expect.stringContaining('did not answer')])
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })

  it('ends --wait at its time limit while Codex is frozen, and says what was lost', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'held', text: 'gate: g' })
    await place.model.waitForGate('g')
    await running.ops().new({ name: 'loaded', send: false })
    const other = await running.ops().new({ name: 'unloaded', text: 'reply: hi', wait: true })
    await running.ops().release({ lane: other.ref })
    const pid = running.codexPid()
    const lost = running.event(({ type }) => type === 'codex.lost')
    await freeze(pid)
    const before = performance.now()
    const limited = { text: 'reply: late', wait: true, timeoutSeconds: 1.5 }
    const [taken, refused, unmade] = await Promise.allSettled([
      running.ops().send({ lane: '@loaded', ...limited }),
      running.ops().send({ lane: other.ref, ...limited }),
      running.ops().new({ name: 'late', ...limited }),
    ])
    const took = performance.now() - before
    expect(taken).toMatchObject({
      value: { delivery: { state: 'submitting' }, error: { code: 'timeout' } },
    })
    expect(refused).toMatchObject({
      reason: { cause: { code: 'timeout', details: { sent: false } } },
    })
    expect(unmade).toMatchObject({
      reason: { cause: { code: 'timeout', details: { sent: false } } },
    })
    expect(running.store.deliveries.unsettled(other.id)).toEqual([])
    console.log(
      `new and two sends with a limit of 1.5 s beside a frozen Codex: ${took.toFixed(0)} ms`,
    )
    expect((await lost).data.reason).toBe('it did not answer, and was replaced')
    const again = await running.ops().send({ lane: other.ref, text: 'reply: back', wait: true })
    expect(again.lastMessage).toBe('back')
  })

  it('decides a message whose acceptance nobody saw', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      const abort = new AbortController()
      const sending = first
        .ops({ signal: abort.signal })
        .send({ lane: '@a', text: 'reply: kept' })
        .catch(() => null)
      await first.event(({ type }) => type === 'delivery.submitting')
      abort.abort()
      await sending
    }
    await using second = place.start()
    await second.ops().wait({ lanes: ['@a'] })
    const events = await everything(second)
    const settled = events.filter(
      ({ type }) => type.startsWith('delivery.') && type !== 'delivery.submitting',
    )
    expect(settled).toHaveLength(1)
    const asked = place.model.requests.filter(({ prompt }) => prompt?.kind === 'user').length
    expect(settled[0]?.type).toBe(asked === 1 ? 'delivery.accepted' : 'delivery.failed')
  })
})
