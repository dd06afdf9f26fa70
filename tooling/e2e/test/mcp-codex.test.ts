// The real Codex as a host of `dispatch mcp`: it lists the server, and a lane's agent calls its tools. The
// call reaches the daemon that the lane runs under, and is the lane's.
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditResult, LaneDetail, TailResult } from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  const quoted = (text: string): string => JSON.stringify(text)
  const variables = ['DISPATCH_HOME', 'CODEX_HOME', 'DISPATCH_CODEX', 'NODE_COMPILE_CACHE']
  const env = variables.map((name) => `${name} = ${quoted(world.env[name] ?? '')}`).join(', ')
  const server = (name: string, ...more: string[]): string[] => [
    '',
    `[mcp_servers.${name}]`,
    `command = ${quoted(join(world.root, 'bin', 'dispatch'))}`,
    'args = ["mcp"]',
    `env = { ${env} }`,
    // Else the first turn may begin before the server has said what tools it has.
    'required = true',
    ...more,
  ]
  const lines = [
    ...server('dispatch', 'default_tools_approval_mode = "approve"'),
    ...server('careful'),
    '',
  ]
  await appendFile(join(world.codexHome, 'config.toml'), lines.join('\n'))
})
afterAll(() => world[Symbol.asyncDispose]())

test('codex lists the servers', async () => {
  const { code, stdout } = await world.bash('codex mcp list --json')
  expect(code).toBe(0)
  const transport = { type: 'stdio', args: ['mcp'] }
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'careful', enabled: true, transport },
    { name: 'dispatch', enabled: true, transport },
  ])
})

test('codex runs what reads, and asks before it runs what does not', async () => {
  const text = [
    'tool: mcp__careful.dispatch_thread_read {"op": "list"}',
    'tool: mcp__careful.dispatch_thread_write {"op": "new", "name": "unasked"}',
    'reply: done',
  ].join('\n')
  const flags = ['--approval-policy', 'never', '--sandbox', 'read-only', '--wait']
  await world.dispatch(['new', '--name', 'careful', '--text', text, ...flags])
  const tail = await world.dispatch(['tail', '@careful', '--type', 'mcpToolCall'])
  const { items } = tail.json() as TailResult
  expect(items.map(({ status }) => status)).toEqual(['completed', 'failed'])
  expect((await world.dispatch(['get', '@unasked'])).code).toBe(4)
})

test('an agent makes a lane with a tool, and the call is in the name of its thread', async () => {
  const text = [
    'tool: mcp__dispatch.dispatch_thread_write {"op": "new", "name": "child", "text": "reply: hello"}',
    'tool: mcp__dispatch.dispatch_thread_read {"op": "wait", "lanes": ["@child"], "timeoutSeconds": 30}',
    'tool: mcp__dispatch.dispatch_thread_read {"op": "last", "lane": "@child"}',
    'tool: mcp__dispatch.dispatch_thread_write {"op": "send", "lane": "@child", "text": "hi", "intro": true}',
    'reply: done',
  ].join('\n')
  const flags = ['--approval-policy', 'never', '--sandbox', 'read-only']
  const made = await world.dispatch(['new', '--name', 'parent', '--text', text, ...flags, '--wait'])
  expect(made.json()).toMatchObject({ lastMessage: 'done', error: null })
  const parent = (await world.dispatch(['get', '@parent'])).json() as LaneDetail
  const child = (await world.dispatch(['get', '@child'])).json() as LaneDetail
  expect(child).toMatchObject({ handle: '@child', cwd: world.work })
  const { items } = (
    await world.dispatch(['tail', '@parent', '--type', 'mcpToolCall'])
  ).json() as TailResult
  const answers = items.map(({ status, text }) => [status, JSON.parse(text.split('\n')[1] ?? '')])
  expect(answers).toMatchObject([
    ['completed', { id: child.id, messageAccepted: true }],
    ['completed', { met: true, lanes: [{ id: child.id, outcome: 'completed' }] }],
    ['completed', { message: 'hello' }],
    ['completed', { delivery: { state: 'accepted' } }],
  ])
  const said = (
    await world.dispatch(['tail', '@child', '--type', 'userMessage'])
  ).json() as TailResult
  expect(said.items.at(-1)?.text).toContain(`From @parent (${parent.ref})`)
  const { entries } = (await world.dispatch(['daemon', 'log', '--op', 'new'])).json() as AuditResult
  expect(entries.find(({ laneId }) => laneId === child.id)).toMatchObject({
    actor: 'mcp',
    outcome: 'ok',
    detail: { callerThread: parent.id },
  })
})
