import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const refused = (code: string) => ({ cause: { code } })

/** A lane with three turns that have ended. */
const threeTurns = async (running: RunningDaemon): Promise<string[]> => {
  const made = await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
  const turns = [made.latestTurn?.id ?? '']
  for (const word of ['two', 'three']) {
    const sent = await running.ops().send({ lane: '@a', text: `reply: ${word}`, wait: true })
    turns.push(sent.turn?.id ?? '')
  }
  return turns
}

const textsOf = async (running: RunningDaemon, lane: string): Promise<string[]> => {
  const { items } = await running.ops().tail({ lane, types: ['userMessage', 'agentMessage'] })
  return items.map(({ text }) => text)
}

/** What the model was told in the last request. */
const lastInput = ({ model }: Place): string => model.requests.at(-1)?.rawBody ?? ''

describe('history on the real Codex', () => {
  it('refuses a turn and a provider that there is not, by name, and leaves nothing', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
    await expect(
      running.ops().fork({ lane: '@a', name: 'b', lastTurnId: 'nope' }),
    ).rejects.toMatchObject({
      cause: { code: 'validation', retryable: false, details: { name: 'nope' } },
    })
    await expect(
      running.ops().new({ name: 'c', modelProvider: 'nope', send: false }),
    ).rejects.toMatchObject({
      cause: { code: 'validation', message: 'Codex has no model provider "nope".' },
    })
    expect((await running.ops().list({})).lanes).toHaveLength(1)
  })

  it('forks a lane: what was said is shared, what is said then is not', async () => {
    await using place = await makePlace()
    const { id, turns } = await (async () => {
      await using running = place.start()
      const ids = await threeTurns(running)
      const fork = await running.ops().fork({ lane: '@a', name: 'b' })
      const source = await running.ops().get({ lane: '@a' })
      expect(fork).toMatchObject({
        handle: '@b',
        source: 'own',
        status: 'idle',
        forkedFrom: { ref: source.ref, id: source.id },
        lastTurnId: ids[2],
        cwd: source.cwd,
      })
      expect(await running.ops().get({ lane: '@b' })).toMatchObject({
        lastMessage: 'three',
        latestTurn: { id: ids[2], status: 'completed' },
        settings: source.settings,
      })
      const sent = await running.ops().send({ lane: '@b', text: 'reply: own', wait: true })
      expect(sent).toMatchObject({ lastMessage: 'own', error: null })
      expect(lastInput(place)).toContain('reply: two')
      expect(await textsOf(running, '@a')).not.toContain('own')
      expect((await textsOf(running, '@b')).slice(-2)).toEqual(['reply: own', 'own'])
      await running.daemon.link.end()
      return { id: fork.id, turns: ids }
    })()
    // It is a lane as any other, across daemons and App Servers, and what it inherited is no news.
    await using again = place.start()
    const sent = await again.ops().send({ lane: '@b', text: 'reply: later', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'later', error: null })
    const started = again.store.events
      .readAfter({ afterSeq: 0, limit: 500, threadIds: [id], types: ['turn.started'] })
      .rows.map(({ data }) => (JSON.parse(data) as { turnId: string }).turnId)
    expect(started.filter((turnId) => turns.includes(turnId))).toEqual([])
    expect(started).toHaveLength(2)
  })

  it('forks up to a turn, once for the same call, and not from an ephemeral or busy lane', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const [first = ''] = await threeTurns(running)
    const call = { id: '01900000-0000-7000-8000-abcdefabcdef' }
    const input = { lane: '@a', name: 'early', lastTurnId: first }
    const fork = await running.ops(call).fork(input)
    expect(await running.ops(call).fork(input)).toMatchObject({ id: fork.id })
    expect(await textsOf(running, '@early')).toEqual(['reply: one', 'one'])
    await expect(
      running.ops().fork({ lane: '@a', name: 'x', lastTurnId: 'no-such-turn' }),
    ).rejects.toMatchObject(refused('validation'))
    await running.ops().new({ name: 'brief', ephemeral: true, send: false })
    for (const op of ['fork', 'compact', 'rollback'] as const) {
      const asked = { lane: '@brief', name: 'y', turns: 1 }
      const { lane, name, turns } = asked
      const act = {
        fork: () => running.ops().fork({ lane, name }),
        compact: () => running.ops().compact({ lane }),
        rollback: () => running.ops().rollback({ lane, turns }),
      }[op]
      await expect(act()).rejects.toMatchObject(refused('validation'))
    }
    await running.ops().send({ lane: '@a', text: 'gate: g\nreply: end' })
    await place.model.waitForGate('g')
    await expect(running.ops().fork({ lane: '@a', name: 'z' })).rejects.toMatchObject(
      refused('lane_busy'),
    )
    await expect(running.ops().rollback({ lane: '@a', turns: 1 })).rejects.toMatchObject(
      refused('lane_busy'),
    )
    await expect(running.ops().compact({ lane: '@a' })).rejects.toMatchObject(refused('lane_busy'))
    place.model.open('g')
    await running.ops().wait({ lanes: ['@a'] })
  })

  it('takes turns back, out of the history alone', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const turns = await threeTurns(running)
    const made = join(place.work, 'made')
    await running.ops().send({
      lane: '@a',
      text: `shell: touch ${made}`,
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
      wait: true,
    })
    expect(existsSync(made)).toBe(true)
    const all = turns.length + 1
    await expect(running.ops().rollback({ lane: '@a', turns: all + 1 })).rejects.toMatchObject({
      cause: { code: 'validation', details: { turns: all } },
    })
    const back = await running.ops().rollback({ lane: '@a', turns: 2 })
    expect(back).toMatchObject({ status: 'idle', latestTurnId: turns[1] })
    expect(back.removedTurns).toHaveLength(2)
    expect(back.removedTurns[1]).toBe(turns[2])
    expect(back.notes.join()).toContain('files')
    expect(existsSync(made)).toBe(true)
    expect(await textsOf(running, '@a')).toEqual(['reply: one', 'one', 'reply: two', 'two'])
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      lastMessage: 'two',
      latestTurn: { id: turns[1] },
    })
    expect((await running.event(({ type }) => type === 'lane.rolled-back')).data).toMatchObject({
      turns: back.removedTurns,
    })
    const sent = await running.ops().send({ lane: '@a', text: 'reply: anew', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'anew', error: null })
    expect(lastInput(place)).toContain('reply: two')
    expect(lastInput(place)).not.toContain('reply: three')
  })

  it('takes every turn back', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await threeTurns(running)
    const back = await running.ops().rollback({ lane: '@a', turns: 3 })
    expect(back).toMatchObject({ latestTurnId: null })
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      lastMessage: null,
      latestTurn: null,
    })
    const sent = await running.ops().send({ lane: '@a', text: 'reply: first', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'first', error: null })
  })

  it('compacts a lane in a turn of its own', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const turns = await threeTurns(running)
    const compacting = await running.ops().compact({ lane: '@a' })
    expect(compacting.turnId).not.toBeNull()
    expect(turns).not.toContain(compacting.turnId)
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes[0]).toMatchObject({ turn: { id: compacting.turnId, status: 'completed' } })
    const { items } = await running.ops().tail({ lane: '@a' })
    expect(items.map(({ type }) => type)).toContain('contextCompaction')
    expect(items.map(({ text }) => text)).toContain('reply: one')
    const sent = await running.ops().send({ lane: '@a', text: 'reply: after', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'after', error: null })
  })
})
