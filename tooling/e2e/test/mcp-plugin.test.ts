// The plugin as a person installs it into the real Codex: its skills reach the model, its server is the one
// that the lanes' agents call, and two of them hold a conversation with it.
import { appendFile } from 'node:fs/promises'
import type {
  AuditResult,
  DoctorResult,
  LaneDetail,
  SkillsPathResult,
  TailResult,
} from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

const flags = ['--approval-policy', 'never', '--sandbox', 'read-only']
const TOOL = 'mcp__dispatch.dispatch_thread_write'

let world: World
let assets: SkillsPathResult
const mustRun = async (line: string): Promise<void> => {
  const { code, stderr } = await world.bash(line)
  if (code !== 0) throw new Error(`${line}: ${stderr}`)
}
beforeAll(async () => {
  world = await makeWorld()
  assets = (await world.dispatch(['skills', 'path'])).json() as SkillsPathResult
  await mustRun(`codex plugin marketplace add '${assets.marketplace}'`)
  await mustRun('codex plugin add dispatch@outfitter-dispatch')
  const policy = [
    '',
    '[plugins."dispatch@outfitter-dispatch".mcp_servers.dispatch]',
    'default_tools_approval_mode = "approve"',
    '',
  ]
  await appendFile(`${world.codexHome}/config.toml`, policy.join('\n'))
  // The server of the plugin is `dispatch` on the PATH of the App Server, which is that of its starter.
  await mustRun('dispatch up')
})
afterAll(() => world[Symbol.asyncDispose]())

const laneOf = async (handle: string): Promise<LaneDetail> =>
  (await world.dispatch(['get', handle])).json() as LaneDetail

const offered = (id: string): string[] =>
  world.model.requests
    .findLast(({ threadId }) => threadId === id)
    ?.tools.flatMap(({ namespace, name }) => (namespace === 'mcp__dispatch' ? [name] : [])) ?? []

// A server of a plugin cannot be required: a turn may begin before it has said what tools it has.
const newLane = async (name: string): Promise<LaneDetail> => {
  await world.dispatch(['new', '--name', name, '--text', 'reply: ready', '--wait', ...flags])
  const lane = await laneOf(`@${name}`)
  while (offered(lane.id).length === 0) {
    await world.dispatch(['send', lane.ref, 'reply: ready', '--wait'])
  }
  return lane
}

const saidTo = async (handle: string): Promise<string[]> => {
  const tail = await world.dispatch(['tail', handle, '--type', 'userMessage'])
  return (tail.json() as TailResult).items.map(({ text }) => text)
}

const lastOf = async (handle: string): Promise<string> =>
  (await world.dispatch(['last', handle, '--output', 'text'])).stdout.trim()

test('codex lists the server, and the doctor knows that codex has the plugin', async () => {
  const listed = await world.bash('codex mcp list --json')
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { name: 'dispatch', enabled: true, transport: { command: 'dispatch', args: ['mcp'] } },
  ])
  const doctor = await world.dispatch(['doctor', '--no-app-server'])
  const { checks, version } = doctor.json() as DoctorResult
  expect(checks.find(({ name }) => name === 'agent_assets')).toMatchObject({
    status: 'ok',
    data: { installed: [version] },
  })
})

test('the model is told of the skills and of the tools', async () => {
  const { id } = await newLane('told')
  const request = world.model.requests.findLast(({ threadId }) => threadId === id)
  const instructions = request?.instructions.join('\n')
  for (const { name, description } of assets.skills) {
    expect(instructions).toContain(`- dispatch:${name}: ${description}`)
  }
  expect(offered(id)).toEqual(
    expect.arrayContaining(['dispatch_thread_read', 'dispatch_thread_write']),
  )
})

test('two lanes hold a conversation with it, and each call is in the name of its thread', async () => {
  const answer = {
    op: 'send',
    lane: '@asker',
    mode: 'queue',
    intro: true,
    text: 'reply: understood',
  }
  const question = {
    op: 'send',
    lane: '@answerer',
    intro: true,
    text: `tool: ${TOOL} ${JSON.stringify(answer)}\nreply: I have answered`,
  }
  const [answerer, asker] = [await newLane('answerer'), await newLane('asker')]
  const input = `tool: ${TOOL} ${JSON.stringify(question)}\nreply: I have asked`
  await world.dispatch(['send', asker.ref, '-', '--wait'], { input })
  // The answer is queued before the turn of the answerer ends.
  await world.dispatch(['wait', '@answerer', '--timeout', '60'])
  await world.dispatch(['wait', '@asker', '--timeout', '60'])
  expect((await saidTo('@answerer')).at(-1)).toContain(`From @asker (${asker.ref})`)
  expect((await saidTo('@asker')).at(-1)).toContain(`From @answerer (${answerer.ref})`)
  expect(await lastOf('@answerer')).toBe('I have answered')
  expect(await lastOf('@asker')).toBe('understood')
  const log = await world.dispatch(['daemon', 'log', '--op', 'send', '--limit', '100'])
  const { entries } = log.json() as AuditResult
  expect(entries.filter(({ actor }) => actor === 'mcp')).toMatchObject([
    { actor: 'mcp', outcome: 'ok', laneId: answerer.id, detail: { callerThread: asker.id } },
    { actor: 'mcp', outcome: 'ok', laneId: asker.id, detail: { callerThread: answerer.id } },
  ])
})

test('a read-only lane makes none that may do more, though no call of it is asked about', async () => {
  const lane = await newLane('narrow')
  const make = (name: string, more: object): string =>
    `tool: ${TOOL} ${JSON.stringify({ op: 'new', name, send: false, ...more })}`
  const wide = make('wide', { sandbox: 'danger-full-access' })
  const input = [wide, make('alike', {}), 'reply: tried'].join('\n')
  await world.dispatch(['send', lane.ref, '-', '--wait'], { input })
  expect(await lastOf('@narrow')).toBe('tried')
  const alike = await laneOf('@alike')
  expect(alike).toMatchObject({
    cwd: lane.cwd,
    effective: { sandbox: 'read-only', approvalPolicy: 'never' },
    parent: { id: lane.id },
  })
  const log = await world.dispatch(['daemon', 'log', '--outcome', 'authority'])
  expect((log.json() as AuditResult).entries).toMatchObject([
    { op: 'new', actor: 'mcp', detail: { callerThread: lane.id } },
  ])
})
