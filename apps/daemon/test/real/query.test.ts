// query on the real Codex: what is seen live, what sync reads, and what stays of it.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type QueryInput, type QueryResult, toDispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { startElsewhere } from '../another-program.ts'
import { makePlace, type RunningDaemon } from '../composed.ts'

const query = (running: RunningDaemon, input: QueryInput): Promise<QueryResult> =>
  running.ops().query(input)

const found = async (running: RunningDaemon, input: QueryInput): Promise<string[]> =>
  (await query(running, input)).matches.map(({ handle, type }) => `${handle} ${type}`)

/** Lane `@a`, with a reasoning, a command that failed, a change of a file and three messages. */
const makeLane = async (running: RunningDaemon) => {
  const lane = await running.ops().new({
    name: 'a',
    sandbox: 'workspace-write',
    text: 'reason: pondering\nshell: ls /missing-place\nreply: the schema has drifted',
    wait: true,
  })
  const text = 'patch: notes/plan.md\nbuy zebras'
  await running.ops().send({ lane: lane.ref, text, wait: true })
  return lane
}

describe('query on the real Codex', () => {
  it('finds messages, commands and changes of files as they happen', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await makeLane(running)
    const [match, ...others] = (await query(running, { text: 'schema drifted' })).matches
    expect(others).toHaveLength(1)
    expect(match).toMatchObject({
      ref: lane.ref,
      handle: '@a',
      type: 'agentMessage',
      snippet: 'the schema has drifted',
      marks: [
        [4, 10],
        [15, 22],
      ],
    })
    expect(await found(running, { errored: true })).toEqual(['@a commandExecution'])
    expect(await found(running, { tool: 'shell', text: '"missing place"' })).toEqual([
      '@a commandExecution',
    ])
    expect(await found(running, { file: 'notes/plan.md' })).toEqual(['@a fileChange'])
    expect(await found(running, { text: 'zebra*', types: ['fileChange'] })).toEqual([
      '@a fileChange',
    ])
    expect(await found(running, { text: 'ponder*' })).toContain('@a reasoning')
    expect(await found(running, { text: 'schema', lanes: ['@a'], until: '2020-01-01' })).toEqual([])
    const { index } = await running.ops().daemon.status({})
    expect(index).toMatchObject({ state: 'done', error: null })
    expect((await running.ops().get({ lane: '@a' })).index).toEqual({ state: 'done', bytesToDo: 0 })
  })

  it('has an item once, seen live and read by sync', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await makeLane(running)
    const all = async () =>
      (await query(running, { lanes: ['@a'], limit: 100 })).matches.map(
        ({ itemId, snippet, at, itemStatus, tool }) => ({ itemId, snippet, at, itemStatus, tool }),
      )
    const live = await all()
    expect(live.length).toBeGreaterThanOrEqual(7)
    await running.ops().sync({ lane: lane.ref, full: true })
    expect(await all()).toEqual(live)
  })

  it('finds what others wrote once it is synced, and goes on where that stopped', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await using elsewhere = await startElsewhere(place)
    const { id, turn } = elsewhere
    await turn('shell: echo giraffe-one\nreply: it is done')
    await running.ops().attach({ thread: id })
    expect((await query(running, { text: 'giraffe' })).matches).toEqual([])
    await running.ops().sync({ lane: id })
    const matches = async (text: string) =>
      (await query(running, { text })).matches.map(({ type, source, snippet }) => [
        type,
        source,
        snippet,
      ])
    expect(await matches('giraffe-one')).toContainEqual([
      'commandExecution',
      'attached',
      "$ /bin/bash -lc 'echo giraffe-one' giraffe-one",
    ])
    await turn('reply: okapi')
    expect(await matches('okapi')).toEqual([])
    await running.ops().sync({ lane: id })
    expect(await matches('okapi')).toEqual([
      ['agentMessage', 'attached', 'okapi'],
      ['userMessage', 'attached', 'reply: okapi'],
    ])
    await running.ops().detach({ lane: id })
    expect(await matches('okapi')).toEqual([])
    // Attached again, it has to be read again.
    await running.ops().attach({ thread: id, sync: true })
    expect(await matches('okapi')).toHaveLength(2)
  })

  it('answers while Codex is down, after a restart, and after its file was lost', async () => {
    await using place = await makePlace()
    const words = { text: 'drifted' }
    {
      await using running = place.start()
      await makeLane(running)
      expect(await found(running, words)).toHaveLength(2)
      await running.daemon.link.end()
      expect(await found(running, words)).toHaveLength(2)
    }
    {
      await using running = place.start({ DISPATCH_CODEX: '/nowhere/codex' })
      expect(await found(running, words)).toHaveLength(2)
    }
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(place.root, 'home', `index.db${suffix}`), { force: true })
    }
    // A lane from before there was an index.
    await using running = place.start({ DISPATCH_CODEX: '/nowhere/codex' })
    const indexed = async (): Promise<void> => {
      while ((await query(running, words)).index.state !== 'done');
    }
    await indexed()
    expect(await found(running, words)).toHaveLength(2)
    expect((await query(running, { lanes: ['@a'] })).matches.length).toBeGreaterThanOrEqual(7)
  })

  it('forgets turns that were taken back', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: 'a', text: 'reply: first words', wait: true })
    await running.ops().send({ lane: lane.ref, text: 'reply: second words', wait: true })
    expect(await found(running, { text: 'words' })).toHaveLength(4)
    await running.ops().rollback({ lane: lane.ref, turns: 1 })
    expect(await found(running, { text: 'words' })).toHaveLength(2)
    await running.ops().send({ lane: lane.ref, text: 'reply: third words', wait: true })
    expect(await found(running, { text: 'words' })).toHaveLength(4)
    expect(await found(running, { text: 'second' })).toEqual([])
  })

  it('is switched off by the configuration, and catches up when it is on again', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const config = join(place.root, 'home', 'config.toml')
    writeFileSync(config, '[index]\nenabled = false\n')
    await running.ops().new({ name: 'a', text: 'reply: some words', wait: true })
    await expect(query(running, { text: 'words' })).rejects.toMatchObject({
      cause: { code: 'validation', message: 'The full-text index is switched off.' },
    })
    expect((await running.ops().daemon.status({})).index.state).toBe('off')
    expect((await running.ops().get({ lane: '@a' })).index.state).toBe('off')
    rmSync(config)
    expect(await found(running, { text: 'words' })).toHaveLength(2)
  })

  it('keeps no secret', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const key = `sk-${'a1B2'.repeat(8)}`
    const text = `reply: the key is ${key} and API_TOKEN=abcdef0123456789abcdef`
    await running.ops().new({ name: 'a', text, wait: true })
    const { matches } = await query(running, { text: '"the key is"' })
    expect(matches).toHaveLength(2)
    expect(matches[0]?.snippet).toBe('the key is [redacted] and API_TOKEN=[redacted]')
    expect(await found(running, { text: key })).toEqual([])
    expect(await found(running, { text: 'abcdef*' })).toEqual([])
  })

  it('says what is wrong with a question', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const refusal = (input: QueryInput) =>
      query(running, input).then(
        () => null,
        (thrown: unknown) => {
          const { code, message } = toDispatchError((thrown as Error).cause)
          return `${code}: ${message}`
        },
      )
    expect(await refusal({})).toMatch(/^validation: What to look for/)
    expect(await refusal({ limit: 3, lanes: [] })).toMatch(/^validation: What to look for/)
    for (const text of ['*', '"', '🎉', '   ', 'a*', 'x '.repeat(5_000)]) {
      expect([text, await refusal({ text })]).toEqual([
        text,
        expect.stringMatching(/^validation: /),
      ])
    }
    for (const text of [
      'AND "',
      'c++',
      'NEAR(a b)',
      'text: x',
      '日本',
      'a OR',
      "it's",
      'x'.repeat(10_000),
    ]) {
      expect([text, await refusal({ text })]).toEqual([text, null])
    }
    expect(await refusal({ text: 'a', cursor: 'nonsense' })).toMatch(
      /^validation: That is no cursor/,
    )
    expect(await refusal({ text: 'a', lanes: ['@none'] })).toMatch(/^not_found: /)
    expect(await refusal({ since: '2026-02-02', until: '2026-01-01' })).toMatch(
      /^validation: --until/,
    )
  })
})
