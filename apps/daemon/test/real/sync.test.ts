// sync on rollout files that the real Codex writes, and on what can happen to them.
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startElsewhere } from '../another-program.ts'
import { makePlace } from '../composed.ts'

describe('sync on the real Codex', () => {
  it('follows what others write, without loading the thread', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await using elsewhere = await startElsewhere(place)
    const { id, turn } = elsewhere
    const first = await turn('reply: one')
    const lane = await running.ops().attach({ thread: id, sync: true })
    expect(lane.sync).toMatchObject({
      state: 'complete',
      latestTurnId: first,
      preview: 'reply: one',
      model: 'simulated-model',
      transcriptPartial: false,
      error: null,
    })
    const second = await turn('reply: two')
    await elsewhere.rename('renamed there')
    const synced = await running.ops().sync({ lane: lane.ref })
    expect(synced).toMatchObject({
      title: 'renamed there',
      source: 'attached',
      sync: { state: 'complete', latestTurnId: second },
      badLines: 0,
      notes: [],
    })
    expect(synced.bytesRead).toBeLessThan(synced.sync.sourceSize ?? 0)
    const again = await running.ops().sync({ lane: lane.ref, full: true })
    expect(again).toMatchObject({ bytesRead: 0, sync: { state: 'complete' } })
    expect((await running.ops().get({ lane: lane.ref })).sync.latestTurnId).toBe(second)
    expect((await running.ops().list({})).lanes[0]?.sync.state).toBe('complete')
    // Never loaded here, so the other process still writes it.
    await turn('reply: three')
    const { entries } = await running.ops().daemon.log({ op: 'sync' })
    expect(entries.at(-1)).toMatchObject({ outcome: 'ok', detail: { state: 'complete' } })
  })

  it('says what is wrong with a file, and recovers', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
    const path = running.store.lanes.byLiveHandle('@a')?.rolloutPath ?? ''
    const sync = (full = false) => running.ops().sync({ lane: '@a', full })
    expect((await sync()).sync).toMatchObject({ state: 'complete', sourcePath: path })
    copyFileSync(path, `${path}.kept`)

    appendFileSync(path, 'no json\n{"timestamp":"2026-01-01T00:00:00.000Z","type":"x"')
    expect(await sync()).toMatchObject({ badLines: 1, sync: { state: 'complete' } })
    truncateSync(path, 100)
    expect((await sync()).sync).toMatchObject({ state: 'complete', latestTurnId: null })
    rmSync(path)
    const gone = await sync(true)
    expect(gone.sync).toMatchObject({ state: 'error', transcriptPartial: true })
    expect(gone.sync.error).toContain('ENOENT')
    renameSync(`${path}.kept`, path)
    expect((await sync()).sync).toMatchObject({ state: 'complete', error: null })
  })

  it('reads the file alone while Codex is away, and refuses an ephemeral lane', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: one', wait: true })
    await running.ops().new({ name: 'b', ephemeral: true, send: false })
    await expect(running.ops().sync({ lane: '@b' })).rejects.toMatchObject({
      cause: { code: 'validation' },
    })
    await running.daemon.link.end()
    const synced = await running.ops().sync({ lane: '@a' })
    expect(synced.sync).toMatchObject({ state: 'complete', preview: 'reply: one' })
    expect(synced.notes).toHaveLength(1)
  })
})
