import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const goalOf = async (running: RunningDaemon, lane: string) =>
  (await running.ops().get({ lane })).goal

const goalTurns = ({ model }: Place): number =>
  model.requests.filter(({ prompt }) => prompt?.kind === 'goal').length

/** A lane whose goal stands at a gate in its first turn. */
const atWork = async (running: RunningDaemon, place: Place, name: string) => {
  await running.ops().new({ name, goal: `gate: ${name}` })
  await place.model.waitForGate(name)
}

/** What `down` does, to the end of the App Server. */
const down = async (running: RunningDaemon): Promise<void> => {
  await running.ops().daemon.shutdown({ codex: true })
  await running.daemon.link.end()
}

const isActive = (running: RunningDaemon) =>
  running.event(({ type, data }) => type === 'goal.changed' && data.from === 'paused')

describe('down and goals', () => {
  it('pauses them, and the next daemon activates them again, once', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await atWork(first, place, 'a')
      await first.ops().new({ name: 'b', goal: 'gate: b', send: false })
      await down(first)
      expect(await goalOf(first, '@a')).toMatchObject({ status: 'paused', pausedFor: 'down' })
      expect(await first.ops().get({ lane: '@a' })).toMatchObject({
        latestTurn: { status: 'interrupted' },
        flags: { held: false },
      })
    }
    expect(goalTurns(place)).toBe(1)
    {
      await using second = place.start()
      await isActive(second)
      await place.model.waitForGate('a')
      await second.ops().stop({ lane: '@a' })
      expect(await goalOf(second, '@a')).toMatchObject({ status: 'paused', pausedFor: null })
      await down(second)
    }
    expect(goalTurns(place)).toBe(2)
    await using third = place.start()
    await third.daemon.link.client()
    // A person paused both: the worker of each is through with its join before this is answered.
    for (const lane of ['@a', '@b']) {
      await third.ops().goal.set({ lane, tokenBudget: 1_000_000 })
      expect(await goalOf(third, lane)).toMatchObject({ status: 'paused', pausedFor: null })
    }
    expect(goalTurns(place)).toBe(2)
  })

  it('does not wait for who is asked in the turn of a goal: the next daemon has it asked again', async () => {
    await using place = await makePlace()
    const asked = { name: 'a', sandbox: 'workspace-write', approvalPolicy: 'untrusted' } as const
    {
      await using first = place.start()
      await first.ops().new({ ...asked, goal: 'shell: touch made' })
      await first.ops().wait({ lanes: ['@a'], until: 'approval' })
      await down(first)
      expect(await first.ops().get({ lane: '@a' })).toMatchObject({
        status: 'idle',
        flags: { held: false },
        goal: { status: 'paused', pausedFor: 'down' },
        requests: [],
      })
      const { requests } = await first.ops().request.list({ state: 'all' })
      expect(requests).toMatchObject([{ state: 'withdrawn' }])
    }
    await using second = place.start()
    await second.ops().wait({ lanes: ['@a'], until: 'approval' })
    expect((await second.ops().request.list({})).requests).toMatchObject([{ state: 'pending' }])
    await second.ops().stop({ lane: '@a' })
  })

  it('is refused while another turn runs, and leaves goals as they were', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await atWork(running, place, 'a')
    await running.ops().new({ name: 'b', text: 'gate: b' })
    await place.model.waitForGate('b')
    await expect(running.ops().daemon.shutdown({ codex: true })).rejects.toMatchObject({
      cause: { code: 'lane_busy', message: '1 lane has an active turn: @b' },
    })
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'busy',
      goal: { status: 'active', pausedFor: null },
    })
    await running.ops().stop({ all: true })
  })

  it('waits for the turn of a goal with --drain, and takes it back when it is given up', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await atWork(running, place, 'a')
    const abort = new AbortController()
    const given = running.ops({ signal: abort.signal })
    const drained = given.daemon.shutdown({ codex: true, drain: true })
    await running.event(({ type, data }) => type === 'goal.changed' && data.status === 'paused')
    abort.abort(new Error('given up'))
    await expect(drained).rejects.toThrow('given up')
    expect(await goalOf(running, '@a')).toMatchObject({ status: 'active', pausedFor: null })
    const second = running.ops().daemon.shutdown({ codex: true, drain: true })
    place.model.open('a')
    await second
    expect(await goalOf(running, '@a')).toMatchObject({ status: 'paused', pausedFor: 'down' })
    expect((await running.ops().get({ lane: '@a' })).latestTurn?.status).toBe('completed')
  })

  it('keeps what it owes when it is killed before Codex was told', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await atWork(first, place, 'a')
      // On disk before Codex is asked.
      const { id } = await first.ops().get({ lane: '@a' })
      first.store.goals.setPausedFor(id, 'down')
      await first.daemon.link.end()
    }
    await using second = place.start()
    await place.model.waitForGate('a')
    expect(await goalOf(second, '@a')).toMatchObject({ status: 'active' })
    await second.ops().stop({ lane: '@a' })
    expect(await goalOf(second, '@a')).toMatchObject({ status: 'paused', pausedFor: null })
  })

  it('leaves them to go on where only the daemon ends', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await atWork(first, place, 'a')
      await first.ops().daemon.shutdown({ codex: false })
      expect((await goalOf(first, '@a'))?.status).toBe('active')
    }
    place.model.open('a')
    await using second = place.start()
    // The goal's turns are followed: two of them end, and their ends are told.
    let ended = 0
    await second.event(({ type }) => {
      if (type === 'turn.completed') ended += 1
      return ended === 2
    })
    await second.ops().stop({ lane: '@a' })
    expect((await goalOf(second, '@a'))?.status).toBe('paused')
  })

  it('learns what became of a goal while no daemon lived', async () => {
    await using place = await makePlace()
    const goal = 'gate: a\ntool: update_goal {"status":"complete"}'
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', goal })
      await place.model.waitForGate('a')
    }
    place.model.open('a')
    await place.model.waitForRequest(
      ({ toolOutputs, outcome }) => toolOutputs.length > 0 && outcome === 'completed',
    )
    await using second = place.start()
    await second.event(({ type, data }) => type === 'goal.changed' && data.status === 'complete')
    await second.ops().wait({ lanes: ['@a'], until: 'idle' })
    expect(await goalOf(second, '@a')).toMatchObject({ status: 'complete', pausedFor: null })
    expect(goalTurns(place)).toBe(2)
  })

  it('lets a goal go on when the App Server was killed', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await atWork(running, place, 'a')
    const turns = goalTurns(place)
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type }) => type === 'turn.interrupted')
    await place.model.waitForRequest(() => goalTurns(place) > turns)
    await running.event(({ type, data }) => type === 'turn.started' && data.turnId !== null)
    expect((await goalOf(running, '@a'))?.status).toBe('active')
    await running.ops().stop({ lane: '@a' })
  })
})
