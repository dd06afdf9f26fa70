// attach on an App Server that does not answer as it should.
import { describe, expect, it } from 'vitest'
import { makePlace } from './composed.ts'

const thread = '01a1fb5b-0000-7000-8000-000000000000'

describe('attaching on a Codex that misbehaves', () => {
  it('gives up after ten seconds and registers nothing', async () => {
    await using place = await makePlace({
      scenario: { methods: { 'thread/read': [{ do: 'silence' }] } },
    })
    await using running = place.start()
    await expect(running.ops().attach({ thread })).rejects.toMatchObject({
      cause: { code: 'app_server', message: expect.stringContaining('nothing was registered') },
    })
    expect((await running.ops().list({ includeArchived: true })).lanes).toEqual([])
    expect((await running.ops().daemon.log({ op: 'attach' })).entries).toMatchObject([
      { outcome: 'app_server', laneId: null },
    ])
  })

  it('takes an answer that is no thread, or a refusal, for what it is', async () => {
    await using place = await makePlace({
      scenario: {
        methods: {
          'thread/read': [
            { do: 'result', result: { thread: { id: 7 } }, times: 1 },
            { do: 'error', code: -32_603, message: 'disk on fire' },
          ],
        },
      },
    })
    await using running = place.start()
    for (const said of ['nothing was registered', 'nothing was registered']) {
      await expect(running.ops().attach({ thread })).rejects.toMatchObject({
        cause: { code: 'app_server', message: expect.stringContaining(said) },
      })
    }
    expect((await running.ops().list({})).lanes).toEqual([])
  })

  it('says so while there is no Codex at all', async () => {
    await using place = await makePlace({ codex: '/nonexistent/codex' })
    await using running = place.start()
    for (const ask of [
      () => running.ops().attach({ thread }),
      () => running.ops().listUnmanaged({}),
      () => running.ops().search({ query: 'x' }),
    ]) {
      await expect(ask()).rejects.toMatchObject({ cause: { code: 'app_server' } })
    }
  })
})
