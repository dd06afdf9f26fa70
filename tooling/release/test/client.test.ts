// The typed client as a program outside the workspace has it: its types, what it loads, what it does.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFolder, workspace } from '../src/layout.ts'
import { readPrograms } from './document.ts'
import { type Installation, makeInstallation, type Ran } from './installation.ts'

type Manifest = { version: string; peerDependencies: Record<string, string> }

const resources = new AsyncDisposableStack()
let installed: Installation
let manifest: Manifest

beforeAll(async () => {
  manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as Manifest
  const peers = Object.entries(manifest.peerDependencies).map(([name, at]) => `${name}@${at}`)
  installed = resources.use(await makeInstallation({ others: peers }))
})

afterAll(async () => {
  await resources.disposeAsync()
})

const tsc = async (files: readonly string[], compilerOptions: object): Promise<Ran> => {
  const project = join(installed.folder, 'tsconfig.json')
  await writeFile(project, JSON.stringify({ compilerOptions, files }))
  return installed.run(join(workspace, 'node_modules/.bin/tsc'), '--project', project)
}

const strict = { noEmit: true, strict: true, skipLibCheck: false, target: 'es2024' }
const bare = { ...strict, lib: ['es2024', 'esnext.disposable', 'dom'], types: [] }
const node = {
  ...strict,
  // @trpc/client needs those of browsers.
  lib: ['es2024', 'esnext.disposable', 'dom'],
  types: ['node'],
  typeRoots: [join(workspace, 'node_modules/@types')],
}
const well = { status: 0, stdout: '' }

/** Runs a program of a text with Node, in the folder of the installation. */
const runProgram = async (name: string, text: string): Promise<Ran> => {
  await writeFile(join(installed.folder, name), text)
  return installed.run('node', name)
}

const readUse = (name: string) => readFile(join(import.meta.dirname, name), 'utf8')

describe('the types', () => {
  it.each([
    ['node16', { ...bare, module: 'node16' }],
    ['nodenext', { ...bare, module: 'nodenext', exactOptionalPropertyTypes: true }],
    ['a bundler', { ...bare, module: 'esnext', moduleResolution: 'bundler' }],
    ['nodenext with the types of Node', { ...node, module: 'nodenext' }],
  ])('are not any, and whole in themselves: %s', async (_, options) => {
    await copyFile(join(import.meta.dirname, 'client-use.txt'), join(installed.folder, 'uses.ts'))
    expect(await tsc(['uses.ts'], options)).toMatchObject(well)
  })

  it('are those of a client of tRPC, too', async () => {
    await copyFile(join(import.meta.dirname, 'link-use.txt'), join(installed.folder, 'links.ts'))
    expect(await tsc(['links.ts'], { ...node, module: 'nodenext' })).toMatchObject(well)
  })

  it('let the programs of the documentation pass', async () => {
    const programs = await readPrograms()
    const files = programs.map((_, at) => `documented-${at}.ts`)
    for (const [at, name] of files.entries()) {
      await writeFile(join(installed.folder, name), programs[at] ?? '')
    }
    expect(files.length).toBeGreaterThan(0)
    expect(await tsc(files, { ...node, module: 'nodenext' })).toMatchObject(well)
  })
})

describe('at run time', () => {
  it('loads itself and Node, nothing else', async () => {
    const { stdout } = await runProgram(
      'graph.mjs',
      `import { registerHooks } from 'node:module'
      const urls = []
      registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
      await import('outfitter-dispatch/client')
      process.stdout.write(JSON.stringify(urls))`,
    )
    const urls = JSON.parse(stdout) as string[]
    const ours = urls.filter((url) => !url.startsWith('node:'))
    expect(ours.map((url) => url.replace(/-\w+\.js$/, '-*.js'))).toEqual(
      expect.arrayContaining([expect.stringMatching(/outfitter-dispatch\/dist\/client\.js$/)]),
    )
    expect(
      ours.filter((url) => !/\/outfitter-dispatch\/dist\/client[\w-]*\.js$/.test(url)),
    ).toEqual([])
  })

  it('may be required, too', async () => {
    const program = `const { createDispatchClient } = require('outfitter-dispatch/client')
      process.stdout.write(typeof createDispatchClient)`
    expect(await runProgram('required.cjs', program)).toMatchObject({ stdout: 'function' })
  })

  it('plays the program of the documentation: starts the daemon, two lanes, says what came of it', async () => {
    const [program = ''] = await readPrograms()
    const page = await readFile(join(workspace, 'docs/client.md'), 'utf8')
    const [, name = ''] = /`node (report\.\w+)` runs it/.exec(page) ?? []
    const folder = join(installed.folder, 'as-npm-makes-it')
    await mkdir(folder)
    // What `npm init -y` writes.
    await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}')
    const { status, stdout, stderr } = await runProgram(`as-npm-makes-it/${name}`, program)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^@docs completed .*Which flag is missing/),
      expect.stringMatching(/^@tests completed .*Run the tests/),
      expect.stringMatching(/^not_found .*@nobody/),
    ])
    expect(lines).toEqual(
      expect.arrayContaining(['@docs turn.started', '@tests turn.started', '@docs turn.completed']),
    )
    expect(await installed.dispatch('daemon', 'log', '--op', 'new')).toMatchObject({
      entries: [{ actor: 'client' }, { actor: 'client' }],
    })
  })

  it('follows through kills of the daemon without loss or repetition', async () => {
    const { status, stdout, stderr } = await runProgram('follows.mjs', await readUse('follows.txt'))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { killed, seen, logged } = JSON.parse(stdout) as Record<string, { type: string }[]>
    expect(killed).toHaveLength(3)
    expect(seen).toEqual(logged)
    expect(seen?.filter(({ type }) => type === 'turn.completed').length).toBeGreaterThanOrEqual(3)
  })

  it('is itself beneath the link: a refusal is the cause', async () => {
    await installed.dispatch('up')
    const { status, stdout, stderr } = await runProgram('links.ts', await readUse('link-use.txt'))
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'not_found', stderr: '' })
  })

  it('carries out what needs no daemon, and says what it cannot do', async () => {
    const { status, stdout, stderr } = await runProgram(
      'local.mjs',
      `import { createDispatchClient, DispatchError } from 'outfitter-dispatch/client'
      await using client = createDispatchClient()
      await using idle = createDispatchClient({ autostart: false })
      const codeOf = (promise) => promise.then(() => null, (error) => error instanceof DispatchError && error.code)
      const { version } = await client.api.up()
      const { status } = await client.api.down({ force: true })
      const absent = await codeOf(idle.api.list())
      const { records } = await client.api.daemon.logs({ limit: 1 })
      const late = await codeOf(client.api.list({}, { timeoutMs: 1 }))
      process.stdout.write(JSON.stringify({ version, status, absent, logged: records.length, late }))`,
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      version: manifest.version,
      status: 'stopped',
      absent: 'daemon_unreachable',
      logged: 1,
      late: 'timeout',
    })
  })
})
