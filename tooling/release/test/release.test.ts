// What is published, used as its user does: installed from the tarball, outside the workspace.
import { lstat, readFile, readdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Installation, makeInstallation } from './installation.ts'

const resources = new AsyncDisposableStack()
let installed: Installation

beforeAll(async () => {
  installed = resources.use(await makeInstallation())
})

afterAll(async () => {
  await resources.disposeAsync()
})

// Says that it is another Node before the bin looks.
const asNode20 =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}})'

describe('the package', () => {
  it('holds nothing of the workspace: no source, no test, no dependency by catalogue', async () => {
    const files = await readdir(installed.root, { recursive: true })
    expect(
      files.filter((name) => /(?<!\.d)\.ts$|\.test\.|\btesting\b|tsconfig/.test(name)),
    ).toEqual([])
    const manifest = await readFile(join(installed.root, 'package.json'), 'utf8')
    expect(manifest).not.toMatch(/catalog:|workspace:/)
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'package.json']))
  })

  it('brings the licences of what is bundled, each with its text', async () => {
    const notices = await readFile(join(installed.root, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    const parts = notices.split(/\n-{80}\n/).map((part) => part.trim())
    const names = parts.map((part) => part.split(' ')[0])
    expect(names).toEqual(expect.arrayContaining(['ink', 'kysely', 'smol-toml', 'ws', 'zod']))
    expect(notices).not.toMatch(/@dispatch\/|node_modules/)
    // A package without a file of it is not to be helped.
    const bare = parts.filter((part) => part.length < 300).map((part) => part.split(' ')[0])
    expect(bare).toEqual(['yoga-layout'])
  })

  it('tells its version, which is that of the package', async () => {
    const manifest = await readFile(join(installed.root, 'package.json'), 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    const { stdout, status } = await installed.run('dispatch', '--version')
    expect(status).toBe(0)
    expect(stdout.trim()).toBe(version)
  })

  it('has the hash of its contract in both bins and in the client', async () => {
    const folder = join(installed.root, 'dist')
    const commands = await readFile(join(folder, 'generated/commands.json'), 'utf8')
    const { contract } = JSON.parse(commands) as { contract: string }
    const names = await readdir(folder)
    for (const start of ['daemon-start', 'client-start']) {
      const name = names.find((one) => one.startsWith(start)) ?? ''
      expect(await readFile(join(folder, name), 'utf8')).toContain(contract)
    }
  })

  it.each(['dispatch', 'dispatchd'])('%s refuses an older Node with a sentence', async (bin) => {
    const path = join(installed.folder, 'node_modules/.bin', bin)
    const { status, stderr } = await installed.run('node', '--import', asNode20, path, '--help')
    expect(status).toBe(1)
    expect(stderr).toMatch(/needs Node 24 or newer/)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('the main job', () => {
  it('goes from up to down on the real Codex', async () => {
    const { dispatch } = installed
    expect(await dispatch('up')).toMatchObject({ status: 'started' })
    expect(await dispatch('up')).toMatchObject({ status: 'already_running' })

    const made = await dispatch('new', '--name', 'docs', '--text', 'reply: first', '--wait')
    expect(made).toMatchObject({ handle: '@docs', messageAccepted: true, lastMessage: 'first' })
    expect(await dispatch('list')).toMatchObject({ lanes: [{ handle: '@docs', status: 'idle' }] })

    const sent = await dispatch('send', '@docs', 'reply: second', '--wait')
    expect(sent).toMatchObject({
      delivery: { state: 'accepted', outcome: 'completed' },
      lastMessage: 'second',
      error: null,
    })

    const tail = (await dispatch('tail', '@docs')) as { items: { type: string; text: string }[] }
    expect(tail.items.filter(({ type }) => type === 'agentMessage')).toMatchObject([
      { text: 'first' },
      { text: 'second' },
    ])

    expect(await dispatch('down')).toMatchObject({ status: 'stopped' })
    expect(await dispatch('down')).toMatchObject({ status: 'not_running' })
  })

  it('is played by the demo, without an account', async () => {
    const { status, stdout, stderr } = await installed.run('dispatch', 'demo')
    expect(stderr).not.toMatch(/\n\s+at /)
    expect({ status, shown: stdout.length > 0 }).toEqual({ status: 0, shown: true })
  })
})

describe('a scenario', () => {
  it('of those that are shipped holds', async () => {
    const file = join(installed.root, 'examples/scenarios/basic_coordination.toml')
    expect(await installed.dispatch('scenario', file)).toMatchObject({ status: 'ok', error: null })
  })
})

describe('top', () => {
  it('draws the whole screen, with the terminal UI out of the bundle', async () => {
    await using top = installed.screen('top')
    await top.shows((text) => text.includes('1 lanes ') && text.includes('q quit'))
    top.type('q')
    expect(await top.ended).toBe(0)
    expect(top.isAlternate()).toBe(false)
    await installed.dispatch('down')
  })
})

describe('the MCP server', () => {
  it('answers what stands on its input, and starts the daemon for it', async () => {
    const requests = [
      {
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'a', version: '1' },
        },
      },
      { id: 2, method: 'tools/list' },
      {
        id: 3,
        method: 'tools/call',
        params: { name: 'dispatch_thread_read', arguments: { op: 'list' } },
      },
    ].map((request) => `${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`)
    await writeFile(join(installed.folder, 'requests'), requests)
    const { status, stdout, stderr } = await installed.run('sh', '-c', 'dispatch mcp < requests')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result: unknown })
    const answerOf = (id: number) => answers.find((answer) => answer.id === id)?.result
    expect(answerOf(1)).toMatchObject({ serverInfo: { name: 'dispatch' } })
    expect(answerOf(2)).toMatchObject({ tools: expect.any(Array) as unknown[] })
    expect(answerOf(3)).toMatchObject({
      structuredContent: { lanes: expect.any(Array) as unknown[] },
    })
    await installed.dispatch('down')
  })
})

describe('what comes along for agents', () => {
  it('is there as files, and the doctor finds it', async () => {
    const { path, marketplace, skills } = (await installed.dispatch('skills', 'path')) as {
      path: string
      marketplace: string
      skills: { file: string }[]
    }
    expect(await realpath(marketplace)).toBe(await realpath(installed.root))
    expect(await realpath(path)).toBe(join(await realpath(installed.root), 'skills'))
    for (const { file } of skills) expect((await lstat(file)).isFile()).toBe(true)
    const { checks } = (await installed.dispatch('doctor', '--no-app-server')) as {
      checks: { name: string; status: string }[]
    }
    expect(checks.find(({ name }) => name === 'agent_assets')).toMatchObject({ status: 'ok' })
  })

  it('is a marketplace that Codex installs the plugin from, with its skills', async () => {
    const codex = process.env['DISPATCH_CODEX'] ?? 'codex'
    const added = await installed.run(codex, 'plugin', 'marketplace', 'add', installed.root)
    expect(added).toMatchObject({ status: 0 })
    const { status, stdout } = await installed.run(
      codex,
      ...'plugin add dispatch@outfitter-dispatch --json'.split(' '),
    )
    expect(status).toBe(0)
    const { installedPath } = JSON.parse(stdout) as { installedPath: string }
    const files = await readdir(installedPath, { recursive: true })
    expect(files).toEqual(
      expect.arrayContaining(['skills/dispatch/SKILL.md', 'skills/dm/SKILL.md', '.mcp.json']),
    )
    expect(await installed.dispatch('doctor', '--no-app-server')).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({
          name: 'agent_assets',
          status: 'ok',
          data: expect.objectContaining({ installed: [expect.any(String)] }) as unknown,
        }),
      ]) as unknown,
    })
  })
})
