import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../composed.ts'

const write = (place: Place, path: string, text: string): void => {
  const file = join(place.root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

describe('new under a configuration, on the real Codex', () => {
  it('goes from preset to the request to the model', async () => {
    await using place = await makePlace()
    await using running = place.start()
    write(place, 'home/config.toml', '[defaults]\nmodel = "gpt-6-sol"\neffort = "low"\n')
    write(
      place,
      'work/.dispatch/config.toml',
      `
        [defaults]
        sandbox = "read-only"
        approval_policy = "never"
        [defaults.instructions]
        developer_file = ".dispatch/instructions/default.md"
        [presets.reviewer]
        effort = "high"
        service_tier = "priority"
        prefix = "\${DISPATCH.PRESET}:"
        text = "reply: from the preset"
        [presets.reviewer.output_schema]
        type = "object"
        additionalProperties = false
        properties = {}
      `,
    )
    write(place, 'work/.dispatch/instructions/default.md', 'You review.')
    const lane = await running.ops().new({ name: 'docs', presets: ['reviewer'], wait: true })
    expect(lane).toMatchObject({
      title: 'reviewer: docs',
      handle: '@docs',
      messageAccepted: true,
      lastMessage: 'from the preset',
      plan: null,
      error: null,
    })
    const [request] = place.model.requests
    expect(request).toMatchObject({
      model: 'gpt-6-sol',
      effort: 'high',
      serviceTier: 'priority',
      schema: { type: 'object', additionalProperties: false, properties: {} },
    })
    expect(request?.instructions).toContain('You review.')
    const client = await running.daemon.link.client()
    const { thread } = await client.request('thread/read', {
      threadId: lane.id,
      includeTurns: false,
    })
    expect(thread.name).toBe('reviewer: docs')
    const detail = await running.ops().get({ lane: lane.ref })
    expect(detail.settings).toMatchObject({
      sandbox: 'read-only',
      approvalPolicy: 'never',
      effort: 'high',
      developerInstructions: 'You review.',
    })
    // What a configuration says of later lanes leaves this one alone; flags win over all.
    const other = await running.ops().new({
      name: 'reviewer: plain',
      prefix: '',
      effort: 'medium',
      text: 'reply: x',
      wait: true,
    })
    expect(other).toMatchObject({ title: 'reviewer: plain', handle: '@reviewer:-plain' })
    expect(place.model.requests.at(-1)).toMatchObject({ effort: 'medium', serviceTier: undefined })
  })

  it('keeps its prefix through a rename, and never puts it twice', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: '[work] docs', send: false })
    expect(lane).toMatchObject({ title: '[work] docs', handle: '@docs' })
    const renamed = await running.ops().rename({ lane: lane.ref, name: 'docs final' })
    expect(renamed).toMatchObject({ title: '[work] docs final', handle: '@docs-final' })
    const again = await running.ops().rename({ lane: lane.ref, name: '[work] docs' })
    expect(again).toMatchObject({ title: '[work] docs', handle: '@docs' })
  })

  it('only plans with dryRun: nothing is written anywhere', async () => {
    await using place = await makePlace()
    await using running = place.start()
    write(place, 'work/.dispatch/config.toml', '[presets.fast]\neffort = "low"\n')
    await running.daemon.link.client()
    const before = (await running.ops().daemon.status({})).lastCursor
    const plan = await running.ops().new({
      name: 'docs',
      presets: ['fast'],
      text: 'reply: x',
      env: { A: '1' },
      dryRun: true,
    })
    expect(plan).toMatchObject({ ref: '', id: '', handle: '@docs', title: '[work] docs' })
    const rows = Object.fromEntries((plan.plan ?? []).map(({ key, ...row }) => [key, row]))
    expect(rows).toMatchObject({
      cwd: { value: place.work, origin: 'caller' },
      text: { value: 'reply: x', origin: 'flag' },
      effort: { value: 'low', origin: 'repo', section: 'presets.fast' },
      prefix: { value: '[work]', origin: 'built-in' },
      'env.A': { value: '1', origin: 'flag' },
    })
    expect((await running.ops().list({})).lanes).toEqual([])
    expect((await running.ops().daemon.log({})).entries).toEqual([])
    expect((await running.ops().daemon.status({})).lastCursor).toBe(before)
    const client = await running.daemon.link.client()
    expect((await client.request('thread/loaded/list', {})).data).toEqual([])
    expect(existsSync(join(place.root, 'home', 'trusted-configs.json'))).toBe(false)
    await expect(
      running.ops().new({ name: 'docs', cwd: join(place.work, 'none'), dryRun: true }),
    ).rejects.toMatchObject({ cause: { code: 'validation' } })
  })

  it('refuses what a repository is not trusted with, until it is, and says so in the audit', async () => {
    await using place = await makePlace()
    await using running = place.start()
    write(place, 'work/.dispatch/config.toml', '[defaults]\nsandbox = "danger-full-access"\n')
    const make = () => running.ops().new({ name: 'docs', send: false })
    await expect(make()).rejects.toMatchObject({
      cause: { code: 'validation', hint: expect.stringContaining('dispatch config trust') },
    })
    expect((await running.ops().list({})).lanes).toEqual([])
    const trust = await running.ops().config.trust({})
    expect(trust.grants).toEqual(['sandbox = "danger-full-access"'])
    expect(await make()).toMatchObject({ effective: { sandbox: 'danger-full-access' } })
    const { entries } = await running.ops().daemon.log({})
    expect(entries.map(({ op, outcome }) => [op, outcome])).toEqual(
      expect.arrayContaining([
        ['config.trust', 'ok'],
        ['new', 'validation'],
        ['new', 'ok'],
      ]),
    )
  })

  it('refuses a message that looks like a goal, and --wait without a message', async () => {
    await using place = await makePlace()
    await using running = place.start()
    write(place, 'work/.dispatch/config.toml', '[presets.goal]\ntext = " /goal ship it"\n')
    for (const input of [{ text: '/goal ship it' }, { presets: ['goal'] }, { wait: true }]) {
      await expect(running.ops().new({ name: 'docs', ...input })).rejects.toMatchObject({
        cause: { code: 'validation' },
      })
    }
    expect((await running.ops().list({})).lanes).toEqual([])
  })

  it('makes no lane with a provider that there is not', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const failed = running.ops().new({ name: 'docs', modelProvider: 'nobody', send: false })
    await expect(failed).rejects.toMatchObject({ cause: { code: 'validation' } })
    expect((await running.ops().list({})).lanes).toEqual([])
  })
})
