// Threads that others made: terminals and codex exec on the same CODEX_HOME, played by further
// processes of the real Codex.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { findCodexBinary, makeAppServer } from '@dispatch/model-simulator/testing'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const refused = (code: string) => ({ cause: { code } })

/** Another app-server on the place's CODEX_HOME. */
const otherServer = (place: Place) =>
  makeAppServer({ binary: findCodexBinary().path, codexHome: join(place.root, 'codex') })

type Server = Awaited<ReturnType<typeof otherServer>>

const threadOf = (started: Record<string, unknown>): string => (started.thread as { id: string }).id

/** A thread of that server with one turn; it stays loaded, and so locked. */
const makeThread = async (server: Server, { cwd, text, name }: Record<string, string>) => {
  const id = threadOf(await server.call('thread/start', { cwd, approvalPolicy: 'never' }))
  if (name) await server.call('thread/name/set', { threadId: id, name })
  await server.call('turn/start', { threadId: id, input: [{ type: 'text', text }] })
  await server.waitFor('turn/completed', ({ threadId }) => threadId === id)
  return id
}

/** Runs codex exec; gives nothing, the session is on disk. */
const codexExec = (place: Place, prompt: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const codexHome = join(place.root, 'codex')
    const child = execFile(
      findCodexBinary().path,
      ['exec', '--skip-git-repo-check', prompt],
      { cwd: place.work, env: { PATH: process.env.PATH, HOME: place.root, CODEX_HOME: codexHome } },
      (error) => (error ? reject(error) : resolve()),
    )
    child.stdin?.end()
  })

const isFree = (running: RunningDaemon, thread: string) =>
  running
    .ops()
    .get({ lane: thread })
    .then(({ flags }) => !flags.runningElsewhere)

describe('sessions of others on the real Codex', () => {
  it('lists what is no lane, attaches it, and keeps its hands off', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const own = await running.ops().new({ name: 'own', text: 'reply: mine', wait: true })
    await codexExec(place, 'reply: from exec')
    await using server = await otherServer(place)
    const text = `reply: ${'long '.repeat(40)}`
    const id = await makeThread(server, { cwd: place.work, text, name: '[app] docs review' })

    const { sessions } = await running.ops().listUnmanaged({})
    expect(sessions.map((session) => session.id)).not.toContain(own.id)
    expect(sessions).toHaveLength(2)
    expect(sessions[0]).toMatchObject({
      id,
      name: '[app] docs review',
      source: 'vscode',
      status: 'unknown',
      runningElsewhere: true,
      ephemeral: false,
      cwd: place.work,
    })
    expect(sessions[0]?.preview).toHaveLength(80)
    expect(sessions[1]).toMatchObject({ source: 'exec', runningElsewhere: false, status: 'idle' })

    const pages = [await running.ops().listUnmanaged({ limit: 1 })]
    const cursor = pages[0]?.nextCursor ?? ''
    pages.push(await running.ops().listUnmanaged({ limit: 1, cursor }))
    expect(pages.flatMap((page) => page.sessions.map((session) => session.id))).toEqual(
      sessions.map((session) => session.id),
    )
    expect(pages[1]?.nextCursor).toBeNull()

    const lane = await running.ops().attach({ thread: id })
    expect(lane).toMatchObject({
      id,
      handle: '@docs-review',
      title: '[app] docs review',
      source: 'attached',
      managed: true,
      status: 'unknown',
      runningElsewhere: true,
      sync: { state: 'metadata', transcriptPartial: true },
    })
    expect((await running.event(({ type }) => type === 'lane.attached')).lane?.id).toBe(id)
    const again = await running.ops().attach({ thread: id })
    expect(again).toMatchObject({ ref: lane.ref, notes: ['It was a lane already.'] })
    expect((await running.ops().listUnmanaged({})).sessions).toHaveLength(1)

    const got = await running.ops().get({ lane: '@docs-review' })
    expect(got).toMatchObject({
      writable: false,
      writeLockedReason: 'attached',
      flags: { runningElsewhere: true },
    })
    for (const act of [
      () => running.ops().send({ lane: id, text: 'x' }),
      () => running.ops().stop({ lane: id }),
    ]) {
      await expect(act()).rejects.toMatchObject({
        cause: { code: 'authority', hint: `dispatch adopt ${lane.ref}` },
      })
    }
    // What may be done all the same.
    const watched = await running.ops().watch({ lanes: [id], timeoutSeconds: 0 })
    expect(watched.notes.join()).toContain('@docs-review is attached')
    expect((await running.ops().tail({ lane: id })).items).toHaveLength(2)
    expect(await running.ops().rename({ lane: id, name: 'other' })).toMatchObject({
      handle: '@other',
    })
    // Archiving needs the lock that the other process holds.
    await expect(running.ops().archive({ lane: id })).rejects.toMatchObject({
      cause: { code: 'conflict', details: { holder: { pid: server.pid } } },
    })
  })

  it('refuses what is no thread, and registers nothing', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const unknown = '01a1fb5b-0000-7000-8000-000000000000'
    await expect(running.ops().attach({ thread: unknown })).rejects.toMatchObject(
      refused('not_found'),
    )
    await expect(running.ops().attach({ thread: '0k7M4a' })).rejects.toThrow('full thread id')
    await expect(running.ops().rename({ lane: unknown, name: 'x' })).rejects.toMatchObject(
      refused('not_found'),
    )
    expect((await running.ops().list({})).lanes).toEqual([])
  })

  it('adopts a lane once nobody else has it open, and drives it from then on', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const server = await otherServer(place)
    const id = await makeThread(server, { cwd: place.work, text: 'reply: theirs', name: 'shared' })
    const { ref } = await running.ops().attach({ thread: id })
    const { pid } = server
    await expect(running.ops().adopt({ lane: ref })).rejects.toMatchObject({
      cause: { code: 'conflict', details: { holder: { pid, command: 'codex' } } },
    })
    expect((await running.ops().get({ lane: ref })).source).toBe('attached')
    await server[Symbol.asyncDispose]()
    expect(await isFree(running, ref)).toBe(true)

    const adopted = await running.ops().adopt({ lane: '@shared' })
    expect(adopted).toMatchObject({ source: 'own', status: 'idle', model: 'simulated-model' })
    expect(await running.ops().get({ lane: ref })).toMatchObject({
      writable: true,
      lastMessage: 'theirs',
      latestTurn: { status: 'completed' },
    })
    const sent = await running.ops().send({ lane: ref, text: 'reply: ours', wait: true })
    expect(sent.lastMessage).toBe('ours')
    const { items } = await running.ops().tail({ lane: ref })
    expect(items.map(({ text }) => text)).toEqual([
      'reply: theirs',
      'theirs',
      'reply: ours',
      'ours',
    ])
    // The past is history, not news.
    const news = running.store.events.readAfter({ afterSeq: 0, limit: 500 })
    expect(JSON.stringify(news)).not.toContain('theirs')
  })

  it('releases a lane to others and takes it back with the next message', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await using server = await otherServer(place)
    const lane = await running.ops().new({ name: 'a', text: 'gate: g' })
    await expect(running.ops().release({ lane: '@a' })).rejects.toMatchObject(refused('lane_busy'))
    place.model.open('g')
    await running.ops().wait({ lanes: ['@a'] })
    const resume = () => server.call('thread/resume', { threadId: lane.id, excludeTurns: true })
    await expect(resume()).rejects.toThrow('active writer')

    expect(await running.ops().release({ lane: '@a' })).toMatchObject({ unloaded: true, notes: [] })
    await resume()
    expect((await running.ops().get({ lane: '@a' })).flags.runningElsewhere).toBe(true)
    await expect(running.ops().send({ lane: '@a', text: 'x' })).rejects.toMatchObject({
      cause: { code: 'conflict', details: { holder: { pid: server.pid } } },
    })
    await server.call('thread/archive', { threadId: lane.id })
    await server.call('thread/unarchive', { threadId: lane.id })
    expect(await isFree(running, '@a')).toBe(true)
    await running.ops().restore({ lane: '@a' })
    const sent = await running.ops().send({ lane: '@a', text: 'reply: back', wait: true })
    expect(sent.lastMessage).toBe('back')
  })

  it('forgets a lane and leaves its thread to others', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await using server = await otherServer(place)
    const lane = await running.ops().new({ name: 'a', text: 'reply: kept', wait: true })
    expect(await running.ops().detachPlan({ lane: '@a' })).toEqual({ destroys: true, losses: [] })
    const gone = await running.ops().detach({ lane: '@a' })
    expect(gone).toMatchObject({ id: lane.id, managed: false, unloaded: true })
    await server.call('thread/resume', { threadId: lane.id, excludeTurns: true })
    await expect(running.ops().get({ lane: lane.ref })).rejects.toMatchObject(refused('not_found'))
    expect((await running.event(({ type }) => type === 'lane.detached')).data).toMatchObject({
      ref: lane.ref,
      handle: '@a',
    })
    const back = await running.ops().attach({ thread: lane.id })
    expect(back).toMatchObject({ ref: lane.ref, handle: '@a', source: 'attached' })
    expect(await running.ops().detachPlan({ lane: '@a' })).toMatchObject({ destroys: false })
    await running.ops().detach({ lane: '@a' })
    expect((await running.ops().list({ includeArchived: true })).lanes).toEqual([])
  })

  it('renames, archives and restores a thread that is no lane, by its id', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await codexExec(place, 'reply: one')
    const [session] = (await running.ops().listUnmanaged({})).sessions
    const id = session?.id ?? ''
    const renamed = await running.ops().rename({ lane: id, name: 'kept' })
    expect(renamed).toMatchObject({
      id,
      ref: null,
      handle: null,
      title: 'kept',
      managed: false,
      source: 'unmanaged',
    })
    expect((await running.ops().archive({ lane: id })).status).toBe('archived')
    expect((await running.ops().listUnmanaged({})).sessions).toEqual([])
    const attached = await running.ops().attach({ thread: id })
    expect(attached.status).toBe('archived')
    expect((await running.ops().restore({ lane: id })).source).toBe('attached')
    await running.ops().detach({ lane: id })
    expect((await running.ops().archive({ lane: id })).status).toBe('archived')
    expect((await running.ops().restore({ lane: id })).status).toBe('idle')
    expect((await running.ops().list({ includeArchived: true })).lanes).toEqual([])
  })
})
