// The inspector of MCP, as a second client that is not ours: it takes the lists of tools without a complaint
// about their schemas, and calls one.
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../src/spawn.ts'
import { makeWorld, type World } from '../src/world.ts'

const require = createRequire(import.meta.url)
const manifest = require.resolve('@modelcontextprotocol/inspector/package.json')
const program = join(dirname(manifest), 'clients/launcher/build/index.js')

/** How the inspector ends when the result of a tool is an error, and when a schema is. */
const TOOL_ERROR = 5
const SCHEMA_ERROR = 6

/** A server with one tool, a field of which is anything. */
const badServer = `
import { createInterface } from 'node:readline'
const answers = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'bad', version: '1' },
  },
  'tools/list': { tools: [{ name: 'bad', inputSchema: { type: 'object', properties: { anything: true } } }] },
}
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line)
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] ?? {} }))
}
`

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const inspect = (server: readonly string[], ...asked: string[]) =>
  run({
    command: process.execPath,
    args: [program, '--cli', join(world.root, 'bin/dispatch'), ...server, ...asked],
    env: world.env,
    cwd: world.work,
  })

const call = (op: string, ...more: string[]) =>
  inspect(
    ['mcp'],
    ...['--method', 'tools/call', '--tool-name', 'dispatch_thread_read', '--tool-arg', `op=${op}`],
    ...more,
  )

test.each([[['mcp']], [['mcp', '--tools', 'each']]])(
  'its strict check finds nothing in the tools of %j',
  async (server) => {
    const { code, stdout, stderr } = await inspect(server, '--method', 'tools/list', '--strict')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((JSON.parse(stdout) as { tools: unknown[] }).tools.length).toBeGreaterThan(5)
  },
)

test('it would say what it found', async () => {
  const server = join(world.work, 'bad-server.mjs')
  await writeFile(server, badServer)
  const { code, stderr } = await run({
    command: process.execPath,
    args: [program, '--cli', process.execPath, server, '--method', 'tools/list', '--strict'],
    env: world.env,
    cwd: world.work,
  })
  expect(stderr).toContain('tool "bad"')
  expect(code).toBe(SCHEMA_ERROR)
})

test('it calls a tool, and sees that one failed', async () => {
  const { code, stdout } = await call('list')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ structuredContent: { lanes: [] } })
  expect((await call('get', 'lane=@nobody')).code).toBe(TOOL_ERROR)
})
