// The App Server killed again and again, and stopped: found, replaced, told; nothing is left behind.
import { expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from '../composed.ts'
import { freeze } from '../freezing.ts'
import { leftovers } from '../leftovers.ts'

/** At full size on demand: `FULL_SIZE=1`. */
const KILLS = process.env['FULL_SIZE'] ? 100 : 5

const pidOf = (running: RunningDaemon): number => running.codexPid()

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const KILLS_A_DAEMON = 4

const wholeRun = { timeout: 60_000 + KILLS * 30_000 }

type Kills = { shown: number[]; pids: Set<number>; kill: number }

/** Kills of the App Server below one daemon. */
const killBelow = async (running: RunningDaemon, times: number, kills: Kills): Promise<void> => {
  let after = running.store.events.cursorOf(running.store.events.lastSeq())
  const next = async (wanted: string, fits: (data: Record<string, unknown>) => boolean) => {
    const leaving = new AbortController()
    const call = { signal: leaving.signal, after } as never
    for await (const { cursor, data } of running.daemon.services.watchFollow({}, call)) {
      after = cursor ?? after
      if (data?.type !== wanted || !fits(data.data)) continue
      leaving.abort()
      return data
    }
    throw new Error('the events ended')
  }
  for (const last = kills.kill + times; kills.kill < last; kills.kill += 1) {
    const { kill } = kills
    await running.ops().send({ lane: '@a', text: `shell: echo ${kill}; exec sleep 600` })
    await next('item.started', ({ type }) => type === 'commandExecution')
    const pid = pidOf(running)
    kills.pids.add(pid)
    const killed = performance.now()
    process.kill(pid, 'SIGKILL')
    const started = await next('codex.started', (data) => data.pid !== pid)
    const startedAt = performance.now()
    expect(started.data.pid).not.toBe(pid)
    const cut = await next('turn.interrupted', () => true)
    expect(cut.data).toMatchObject({ reason: 'app-server lost' })
    kills.shown.push(performance.now() - startedAt)
    const left = leftovers(String(running.store.runtime.get('home.id')))
    expect({ kill, left }).toEqual({ kill, left: [] })
    expect(performance.now() - killed).toBeLessThan(60_000)
  }
}

it('killed again and again in the middle of a turn: interrupted, no orphan', wholeRun, async () => {
  await using place = await makePlace()
  {
    await using running = place.start()
    const shells = { sandbox: 'danger-full-access', approvalPolicy: 'never' } as const
    await running.ops().new({ name: 'a', send: false, ...shells })
  }
  const kills: Kills = { shown: [], pids: new Set(), kill: 0 }
  while (kills.kill < KILLS) {
    // A daemon waits ever longer before it starts what dies young again; the next one does not.
    await using running = place.start()
    await running.event(({ type }) => type === 'codex.joined')
    await killBelow(running, Math.min(KILLS_A_DAEMON, KILLS - kills.kill), kills)
  }
  const { shown, pids } = kills
  expect(pids.size).toBe(KILLS)
  await using running = place.start()
  const sent = await running.ops().send({ lane: '@a', text: 'reply: alive', wait: true })
  expect(sent.lastMessage).toBe('alive')
  console.log(
    `${KILLS} kills: 0 orphans; the interruption is shown ${medianOf(shown).toFixed(0)} ms (median), ${Math.max(...shown).toFixed(0)} ms (worst) after the next server has started`,
  )
})

it('stopped in the middle of a turn: found and replaced, while reads are answered', async () => {
  await using place = await makePlace()
  await using running = place.start()
  await running.ops().new({ name: 'a', text: 'gate: g' })
  await place.model.waitForGate('g')
  const stopped = pidOf(running)
  const lost = running.event(({ type }) => type === 'codex.lost')
  const since = performance.now()
  await freeze(stopped)
  const reads: number[] = []
  let isFound = false
  void lost.then(() => (isFound = true))
  while (!isFound) {
    const before = performance.now()
    expect((await running.ops().list({})).lanes).toMatchObject([{ handle: '@a' }])
    await running.ops().daemon.status({})
    reads.push(performance.now() - before)
    await Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 50))])
  }
  const foundMs = performance.now() - since
  await running.event(({ type }) => type === 'turn.interrupted')
  expect(pidOf(running)).not.toBe(stopped)
  const sent = await running.ops().send({ lane: '@a', text: 'reply: again', wait: true })
  expect(sent.lastMessage).toBe('again')
  console.log(
    `a stopped server was found after ${(foundMs / 1_000).toFixed(1)} s; list and status meanwhile: ${medianOf(reads).toFixed(1)} ms (median of ${reads.length}), ${Math.max(...reads).toFixed(1)} ms (worst)`,
  )
})
