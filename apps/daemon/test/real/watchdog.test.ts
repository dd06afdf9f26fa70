// Turns that fall silent, on the real Codex: found, shown, and ended where that is asked for.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const configure = (place: Place, ...lines: string[]): void =>
  writeFileSync(join(place.root, 'home/config.toml'), ['[watchdog]', ...lines, ''].join('\n'))

const of = (running: RunningDaemon, wanted: string) => running.event(({ type }) => type === wanted)

describe('a turn that falls silent', () => {
  it('is stalled when its provider hangs for ever: shown everywhere, and stop works', async () => {
    await using place = await makePlace()
    configure(place, 'silence_seconds = 0.4')
    await using running = place.start()
    const { ref } = await running.ops().new({ name: 'a', text: 'hang: headers' })
    const begun = performance.now()
    const { data } = await of(running, 'lane.stalled')
    const foundMs = performance.now() - begun
    expect(data).toMatchObject({ interrupting: false, reason: /^no sign of life for/ })
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'busy',
      flags: { stalled: true },
      stalledReason: data.reason,
    })
    const status = await running.ops().daemon.status({})
    expect(status.lanes).toMatchObject({ busy: 1, stalled: 1, held: 0 })
    expect(status.warnings.join()).toContain(
      `@a is stalled (${String(data.reason)}): dispatch tail ${ref}`,
    )
    const waited = await running.ops().wait({ lanes: ['@a'], timeoutSeconds: 0 })
    expect(waited).toMatchObject({
      lanes: [{ outcome: 'running', stalled: true }],
      error: { message: 'Nothing came within 0 s. Stalled: @a.', details: { stalled: [ref] } },
    })
    const asked = performance.now()
    expect((await running.ops().stop({ lane: '@a' })).lanes).toMatchObject([{ stopped: true }])
    console.log(
      `a provider that hangs: stalled after ${foundMs.toFixed(0)} ms with a bound of 400 ms; stop took ${(performance.now() - asked).toFixed(0)} ms`,
    )
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      flags: { stalled: false },
      stalledReason: null,
      latestTurn: { status: 'interrupted' },
    })
  })

  it('recovers by itself when something comes', async () => {
    await using place = await makePlace()
    configure(place, 'silence_seconds = 0.4')
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g\nreply: back' })
    await of(running, 'lane.stalled')
    place.model.open('g')
    const { data } = await of(running, 'lane.recovered')
    expect((await running.ops().wait({ lanes: ['@a'] })).lanes).toMatchObject([
      { outcome: 'completed', lastMessage: 'back', stalled: false, turn: { id: data.turnId } },
    ])
  })

  it('is left alone while a command runs', async () => {
    await using place = await makePlace()
    configure(place, 'silence_seconds = 0.3')
    await using running = place.start()
    await running.ops().new({
      name: 'a',
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
      text: 'shell: sleep 2',
    })
    await running.ops().wait({ lanes: ['@a'] })
    const stalled = await stalledTurns(running)
    const { data: command } = await running.event(
      ({ type, data }) => type === 'item.completed' && data.type === 'commandExecution',
    )
    const begun = Date.parse(String(command.startedAt))
    const ended = Date.parse(String(command.completedAt))
    expect(ended - begun).toBeGreaterThan(1_500)
    expect(stalled.filter(({ at }) => Date.parse(at) > begun && Date.parse(at) < ended)).toEqual([])
  })

  it('without a network: the tries are told, and are no sign of life', async () => {
    await using place = await makePlace()
    configure(place, 'silence_seconds = 1')
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: x', wait: true })
    await place.model[Symbol.asyncDispose]()
    const leaving = new AbortController()
    const call = { signal: leaving.signal, after: null } as never
    const { services } = running.daemon
    const tail = services.tailFollow({ lane: '@a', limit: 0 }, call)[Symbol.asyncIterator]()
    await tail.next()
    const watch = services.watchFollow({ deltas: false, types: ['turn.retrying'] }, call)
    const retried = watch[Symbol.asyncIterator]()
    await retried.next()
    const notice = retried.next()
    await running.ops().send({ lane: '@a', text: 'reply: y' })
    const message = 'Reconnecting... waiting for network'
    expect((await notice).value).toMatchObject({
      cursor: null,
      data: { data: { message, kind: 'responseStreamDisconnected', httpStatus: null } },
    })
    let told = (await tail.next()).value
    while (told?.data?.kind === 'item') told = (await tail.next()).value
    expect(told).toMatchObject({ cursor: null, data: { kind: 'retry', message } })
    await of(running, 'lane.stalled')
    expect((await running.ops().get({ lane: '@a' })).stalledReason).toBe(`Codex says: ${message}`)
    expect((await running.ops().stop({ lane: '@a' })).lanes).toMatchObject([{ stopped: true }])
    leaving.abort()
  })

  it('is ended where the configuration says so, as it says at that moment, with an audit row', async () => {
    await using place = await makePlace()
    configure(place, 'silence_seconds = 0.4')
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'hang: headers' })
    expect((await of(running, 'lane.stalled')).data).toMatchObject({ interrupting: false })
    configure(place, 'silence_seconds = 0.4', 'interrupt = true')
    await of(running, 'turn.interrupted')
    await running.ops().new({ name: 'b', text: 'hang: headers' })
    const cut = await running.event(
      ({ type, lane }) => type === 'turn.interrupted' && lane?.handle === '@b',
    )
    expect(cut.data.reason).toBeUndefined()
    const ended = await running.event(
      ({ type, lane }) => type === 'lane.stalled' && lane?.handle === '@b',
    )
    expect(ended.data).toMatchObject({ interrupting: true, turnId: cut.data.turnId })
    const rows = await stops(running, 2)
    expect(rows).toMatchObject([
      { actor: 'daemon', outcome: 'ok', detail: { by: 'watchdog', stopped: true } },
      { actor: 'daemon', outcome: 'ok', detail: { by: 'watchdog', stopped: true } },
    ])
    expect(await running.ops().get({ lane: '@b' })).toMatchObject({
      flags: { stalled: false, held: true },
    })
  })

  it('is found again by the next daemon, and its mark outlives the one that set it', async () => {
    await using place = await makePlace()
    configure(place, 'silence_seconds = 0.4')
    {
      await using first = place.start()
      await first.ops().new({ name: 'marked', text: 'hang: headers' })
      await of(first, 'lane.stalled')
      configure(place, 'silence_seconds = 60')
      await first.ops().new({ name: 'new', text: 'hang: headers' })
    }
    configure(place, 'silence_seconds = 0.4')
    await using second = place.start()
    await second.event(({ type, lane }) => type === 'lane.stalled' && lane?.handle === '@new')
    expect(await second.ops().get({ lane: '@marked' })).toMatchObject({ flags: { stalled: true } })
    expect(await stalledTurns(second)).toHaveLength(2)
    await second.ops().stop({ all: true })
    expect((await second.ops().daemon.status({})).lanes).toMatchObject({ stalled: 0 })
  })
})

const stops = async (running: RunningDaemon, count: number) => {
  const leaving = new AbortController()
  const call = { signal: leaving.signal, after: null } as never
  const found = []
  for await (const { data } of running.daemon.services.daemon.logFollow({}, call)) {
    if (data?.op === 'stop') found.push(data)
    if (found.length === count) leaving.abort()
  }
  return found
}

const stalledTurns = async (running: RunningDaemon) => {
  const last = (await running.ops().daemon.status({})).lastCursor
  const leaving = new AbortController()
  const call = { signal: leaving.signal, after: null } as never
  const found = []
  for await (const { data } of running.daemon.services.watchFollow({ after: '0' }, call)) {
    if (data?.type === 'lane.stalled') found.push(data)
    if (data?.cursor === last) leaving.abort()
  }
  return found
}
