import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../composed.ts'

const refused = (code: string) => ({ cause: { code } })

describe('lanes on the real Codex', () => {
  it('keeps a lane that was only made, across daemons and app-servers', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'later', send: false })
      await first.daemon.link.end()
    }
    await using second = place.start()
    const sent = await second.ops().send({ lane: '@later', text: 'reply: now', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'now', error: null })
  })

  it('is the same lane when the same call comes again', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const call = { id: '01900000-0000-7000-8000-abcdefabcdef' }
    const input = { name: 'once', text: 'reply: hi' }
    const both = await Promise.all([running.ops(call).new(input), running.ops(call).new(input)])
    expect(both[0].id).toBe(both[1].id)
    expect(both[0].delivery?.id).toBe(both[1].delivery?.id)
    expect((await running.ops().list({})).lanes).toHaveLength(1)
    await running.ops().wait({ lanes: ['@once'] })
    expect(place.model.requests.filter(({ prompt }) => prompt?.kind === 'user')).toHaveLength(1)
  })

  it('renames, archives and restores, in Codex too', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: 'a', text: 'reply: x', wait: true })
    const other = await running.ops().new({ name: 'b b', send: false })
    expect(other.handle).toBe('@b-b')
    await expect(running.ops().rename({ lane: '@a', name: 'b b' })).rejects.toMatchObject(
      refused('validation'),
    )
    expect(await running.ops().rename({ lane: '@a', name: 'c' })).toMatchObject({
      handle: '@c',
      title: '[work] c',
    })
    const client = await running.daemon.link.client()
    const read = await client.request('thread/read', { threadId: lane.id, includeTurns: false })
    expect(read.thread.name).toBe('[work] c')
    expect(await running.ops().archive({ lane: '@c' })).toMatchObject({ status: 'archived' })
    await expect(running.ops().send({ lane: lane.ref, text: 'x' })).rejects.toMatchObject(
      refused('validation'),
    )
    await expect(running.ops().get({ lane: '@c' })).rejects.toMatchObject(refused('not_found'))
    const taken = await running.ops().new({ name: 'c', send: false })
    const back = await running.ops().restore({ lane: lane.ref })
    expect(back).toMatchObject({ status: 'idle', handle: '@c-2' })
    expect(back.notes).toHaveLength(1)
    expect(taken.handle).toBe('@c')
    const sent = await running.ops().send({ lane: '@c-2', text: 'reply: back', wait: true })
    expect(sent.lastMessage).toBe('back')
  })

  it('gives a taken handle a number and says so', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const second = await running.ops().new({ name: 'a', send: false })
    expect(second).toMatchObject({ handle: '@a-2', title: '[work] a' })
    expect(second.notes.join()).toContain('@a was taken')
    // One handle, two titles: the handle is exact, the title would be ambiguous.
    expect((await running.ops().get({ lane: 'a' })).handle).toBe('@a')
  })

  it('refuses directories that are none, and makes nothing', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await expect(
      running.ops().new({ name: 'a', cwd: join(place.work, 'no'), text: 'x' }),
    ).rejects.toMatchObject(refused('validation'))
    await expect(running.ops().new({ name: 'a', cwd: '/etc/passwd' })).rejects.toMatchObject(
      refused('validation'),
    )
    expect((await running.ops().list({})).lanes).toEqual([])
  })

  it('gives the shell of a lane its variables and its directories, and no secret', async () => {
    await using place = await makePlace({ env: { OPENAI_API_KEY: 'sk-secret' } })
    await using running = place.start()
    const extra = join(place.root, 'extra')
    mkdirSync(extra)
    const made = await running.ops().new({
      name: 'a',
      sandbox: 'workspace-write',
      approvalPolicy: 'never',
      env: { LANE_WORD: 'plum' },
      addDir: [extra],
      text: `shell: env; echo made > ${extra}/file && cat ${extra}/file`,
      wait: true,
    })
    expect(made.error).toBeNull()
    const { items } = await running.ops().tail({ lane: '@a', types: ['commandExecution'] })
    expect(items[0]?.text).toContain('LANE_WORD=plum')
    expect(items[0]?.text).toContain('made')
    expect(items[0]?.text).not.toContain('sk-secret')
  })

  it('runs an ephemeral lane from its own log', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running
      .ops()
      .new({ name: 'brief', ephemeral: true, text: 'reply: gone', wait: true })
    expect(made).toMatchObject({ lastMessage: 'gone', error: null })
    const tail = await running.ops().tail({ lane: '@brief' })
    expect(tail.origin).toBe('registry')
    expect(tail.items.map(({ text }) => text)).toEqual(['reply: gone', 'gone'])
    await expect(running.ops().rename({ lane: '@brief', name: 'x' })).rejects.toMatchObject(
      refused('validation'),
    )
    await expect(running.ops().archive({ lane: '@brief' })).rejects.toMatchObject(
      refused('validation'),
    )
  })
})
