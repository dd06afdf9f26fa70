// The public conformance suite of MCP against `dispatch mcp`. It asks for tools, prompts and addresses of a
// server made for it; where ours has one that does the same, that is asked for in its place.
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../src/spawn.ts'
import { makeWorld, type World } from '../src/world.ts'
import { mountMcp } from './mcp-mount.ts'

type Check = { id: string; status: string; errorMessage?: string }
type Params = Record<string, unknown>

/** What is asked of ours, by the scenario that it is for. */
const ours: Record<string, (asked: Params) => Params> = {
  // tools-call-simple-text
  test_simple_text: () => ({ name: 'dispatch_thread_read', arguments: { op: 'list' } }),
  // tools-call-error
  test_error_handling: () => ({
    name: 'dispatch_thread_read',
    arguments: { op: 'get', lane: '@nobody' },
  }),
  // tools-call-with-progress: a second between words
  test_tool_with_progress: () => ({
    name: 'dispatch_thread_read',
    arguments: { op: 'wait', lanes: ['@busy'], timeoutSeconds: 6 },
  }),
  // prompts-get-simple
  test_simple_prompt: () => ({ name: 'delegate', arguments: { task: 'Look around.' } }),
  // prompts-get-with-args
  test_prompt_with_arguments: ({ arg1, arg2 }) => ({
    name: 'delegate',
    arguments: { task: arg1, name: arg2 },
  }),
  // resources-read-text
  'test://static-text': () => ({ uri: 'dispatch://lanes' }),
  // resources-templates-read
  'test://template/123/data': () => ({ uri: 'dispatch://lanes/%40lane-123' }),
  // resources-subscribe, resources-unsubscribe
  'test://watched-resource': () => ({ uri: 'dispatch://lanes' }),
}

const rewrite = (message: JSONRPCMessage): JSONRPCMessage => {
  const { params } = message as { params?: Params }
  const rewritten = ours[String(params?.['name'] ?? params?.['uri'])]
  if (!params || !rewritten) return message
  const given = (params['arguments'] ?? {}) as Params
  return { ...message, params: { ...params, ...rewritten(given) } }
}

const applies = [
  'server-initialize',
  'ping',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-error',
  'tools-call-with-progress',
  'resources-list',
  'resources-read-text',
  'resources-templates-read',
  'resources-subscribe',
  'resources-unsubscribe',
  'prompts-list',
  'prompts-get-simple',
  'prompts-get-with-args',
  'completion-complete',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
]

const appliesNot: Record<string, string> = {
  'logging-set-level': 'Logs are not sent to hosts; it does not say that they are.',
  'tools-call-with-logging': 'The same.',
  'tools-call-image': 'No op answers with an image.',
  'tools-call-audio': 'No op answers with sound.',
  'tools-call-embedded-resource': 'Answers are structured, and their text.',
  'tools-call-mixed-content': 'The same.',
  'tools-call-sampling': 'It asks nothing of the model of its host.',
  'tools-call-elicitation': 'It asks nothing of the person at its host.',
  'elicitation-sep1034-defaults': 'The same.',
  'elicitation-sep1330-enums': 'The same.',
  'json-schema-2020-12': 'A tool with $defs is looked for; ours have none, for the sake of hosts.',
  'server-sse-polling': 'Looks for a tool that drops HTTP streams; dispatch is served on a pipe.',
  'resources-read-binary': 'Every resource is text.',
  'prompts-get-embedded-resource': 'Prompts are text.',
  'prompts-get-with-image': 'The same.',
}

const require = createRequire(import.meta.url)
const program = require.resolve('@modelcontextprotocol/conformance/dist/index.js')

const suite = (world: World, ...args: string[]) =>
  run({ command: process.execPath, args: [program, ...args], env: world.env, cwd: world.work })

const resources = new AsyncDisposableStack()
let world: World
const checks = new Map<string, Check[]>()

beforeAll(async () => {
  world = resources.use(await makeWorld())
  await world.dispatch(['new', '--name', 'lane 123', '--no-send'])
  await world.dispatch(['new', '--name', 'busy', '--text', 'gate: suite\nreply: done'])
  await world.model.waitForGate('suite')
  const mount = resources.use(
    await mountMcp({
      server: {
        command: join(world.root, 'bin/dispatch'),
        args: ['mcp'],
        env: world.env,
        cwd: world.work,
        stderr: 'inherit',
      },
      rewrite,
    }),
  )
  const folder = join(world.root, 'results')
  await suite(world, 'server', '--url', mount.url, '--suite', 'all', '--output-dir', folder)
  world.model.open('suite')
  for (const name of await readdir(folder)) {
    const [, scenario = ''] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name) ?? []
    const text = await readFile(join(folder, name, 'checks.json'), 'utf8')
    checks.set(scenario, JSON.parse(text) as Check[])
  }
})
afterAll(() => resources.disposeAsync())

test('every scenario of the suite is one that applies, or one that does not', async () => {
  const { stdout } = await suite(world, 'list', '--server')
  const scenarios = [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name)
  expect(scenarios.length).toBeGreaterThan(30)
  expect(new Set(scenarios)).toEqual(new Set([...applies, ...Object.keys(appliesNot)]))
  expect(new Set(checks.keys())).toEqual(new Set(scenarios))
})

describe('a scenario that applies', () => {
  test.each(applies)('%s', (scenario) => {
    const found = checks.get(scenario) ?? []
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(({ status }) => status !== 'SUCCESS')).toEqual([])
  })
})
