import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../composed.ts'
import { again, askOnNewLane, done, requestOf } from './asking.ts'

/** Codex with an MCP server that asks, and with the tools by which a model asks. */
const configureCodex = ({ root }: Place): void => {
  const server = join(import.meta.dirname, 'asking-mcp-server.mjs')
  const lines = [
    '[mcp_servers.asking]',
    `command = ${JSON.stringify(process.execPath)}`,
    `args = [${JSON.stringify(server)}]`,
    '[features]',
    'default_mode_request_user_input = true',
    'request_permissions_tool = true',
  ]
  appendFileSync(join(root, 'codex', 'config.toml'), `\n${lines.join('\n')}\n`)
}

const question = {
  id: 'branch',
  header: 'Branch',
  question: 'Which branch?',
  options: [
    { label: 'main', description: 'the usual one' },
    { label: 'next', description: 'the other one' },
  ],
}
const asking = `tool: request_user_input ${JSON.stringify({ questions: [question] })}`
const onRequest = { approvalPolicy: 'on-request' } as const

describe('a question of the model', () => {
  it('is answered in words, which are kept nowhere', async () => {
    await using place = await makePlace()
    configureCodex(place)
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, asking, onRequest)
    expect(request).toMatchObject({
      kind: 'question',
      summary: 'Which branch?',
      questions: [{ id: 'branch', options: question.options, other: true, secret: false }],
      offered: ['respond', 'deny'],
    })
    const respond = (answer: Record<string, unknown>) =>
      running.ops().request.respond({ id: request.id, answer })
    for (const wrong of [{}, { branch: 7 }, { branch: 'main', more: 'x' }]) {
      await expect(respond(wrong)).rejects.toMatchObject({ cause: { code: 'validation' } })
    }
    await expect(running.ops().request.approve({ id: request.id })).rejects.toMatchObject({
      cause: { code: 'validation', details: { offered: ['respond', 'deny'] } },
    })
    expect(await respond({ branch: 'a very own branch' })).toMatchObject({ decision: 'respond' })
    expect((await done(running, ref)).lastMessage).toContain('a very own branch')
    const { entries } = await running.ops().daemon.log({})
    expect(JSON.stringify([entries, await again(running, request)])).not.toContain('very own')
  })

  it('is cancelled when its time is up', async () => {
    await using place = await makePlace()
    configureCodex(place)
    await using running = place.start()
    const limited = { ...onRequest, requestTimeoutSeconds: 1 }
    const { ref, request } = await askOnNewLane(running, asking, limited)
    await running.event(({ type }) => type === 'request.expired')
    expect(await again(running, request)).toMatchObject({ decision: 'cancel' })
    expect(await done(running, ref)).toMatchObject({ outcome: 'completed' })
  })
})

describe('a request for permissions', () => {
  const wish = { network: { enabled: true }, file_system: { write: ['/tmp/one', '/tmp/two'] } }
  const text = `tool: request_permissions ${JSON.stringify({ reason: 'to fetch', permissions: wish })}`

  it('is granted in part, never beyond what was asked', async () => {
    await using place = await makePlace()
    configureCodex(place)
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, text, onRequest)
    expect(request).toMatchObject({
      kind: 'permissions',
      reason: 'to fetch',
      permissions: {
        network: true,
        files: [
          { access: 'write', path: '/tmp/one' },
          { access: 'write', path: '/tmp/two' },
        ],
      },
    })
    const respond = (answer: Record<string, unknown>) =>
      running.ops().request.respond({ id: request.id, answer })
    await expect(respond({ files: ['/'] })).rejects.toMatchObject({ cause: { code: 'validation' } })
    await respond({ files: ['/tmp/two'] })
    const { lastMessage } = await done(running, ref)
    expect(lastMessage).toContain('/tmp/two')
    expect(lastMessage).not.toContain('/tmp/one')
    expect(lastMessage).toContain('"network":null')
  })

  it('is granted whole for the session, or not at all', async () => {
    await using place = await makePlace()
    configureCodex(place)
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, text, onRequest)
    await running.ops().request.approve({ id: request.id, forSession: true })
    const granted = (await done(running, ref)).lastMessage
    expect(granted).toContain('/tmp/one')
    expect(granted).toContain('"scope":"session"')
    await running.ops().send({ lane: ref, text })
    await running.ops().request.deny({ id: (await requestOf(running, ref)).id })
    expect((await done(running, ref)).lastMessage).not.toContain('/tmp/one')
  })
})

describe('what an MCP server asks', () => {
  it('is whether its tool may run, then the fields of its form', async () => {
    await using place = await makePlace()
    configureCodex(place)
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'tool: mcp__asking.form {}', onRequest)
    expect(request).toMatchObject({
      kind: 'tool',
      server: 'asking',
      tool: 'form',
      arguments: {},
      summary: 'asking.form',
      offered: ['approve', 'approve_for_session', 'approve_with_rule', 'deny'],
    })
    await running.ops().request.approve({ id: request.id, forSession: true })
    const form = await requestOf(running, ref)
    expect(form).toMatchObject({
      kind: 'elicitation',
      server: 'asking',
      message: 'Which branch?',
      offered: ['respond', 'deny'],
    })
    const respond = (answer: Record<string, unknown>) =>
      running.ops().request.respond({ id: form.id, answer })
    await expect(respond({ branch: 'x', how: 'squash' })).rejects.toMatchObject({
      cause: {
        details: {
          problems: [
            'branch must be at least 2 characters',
            'how must be one of "merge", "rebase"',
          ],
        },
      },
    })
    await respond({ branch: 'main', how: 'merge' })
    expect((await done(running, ref)).lastMessage).toContain('"branch":"main"')
    // For the session: the tool itself is not asked about again.
    await running.ops().send({ lane: ref, text: 'tool: mcp__asking.form {}' })
    const next = await requestOf(running, ref)
    expect(next.kind).toBe('elicitation')
    await running.ops().request.deny({ id: next.id })
    expect((await done(running, ref)).lastMessage).toContain('decline')
  })

  it('may be a page to visit', async () => {
    await using place = await makePlace()
    configureCodex(place)
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'tool: mcp__asking.page {}', onRequest)
    await running.ops().request.approve({ id: request.id })
    const page = await requestOf(running, ref)
    expect(page).toMatchObject({ url: 'http://127.0.0.1:1/login', offered: ['approve', 'deny'] })
    await running.ops().request.approve({ id: page.id })
    expect((await done(running, ref)).lastMessage).toContain('accept')
  })
})
