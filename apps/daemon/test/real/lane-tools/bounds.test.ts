// What agents may not do: more than their own lane, more than the configuration says, what is another's.
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../../composed.ts'
import { call, configure, made } from './agent.ts'

let place: Place
let running: RunningDaemon
beforeAll(async () => {
  place = await makePlace()
  running = place.start()
})
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await place[Symbol.asyncDispose]()
})

let names = 0
const newName = (): string => `lane-${(names += 1)}`

const laneOf = async (more: object = {}) =>
  await running.ops().new({ name: newName(), send: false, ...more })

const agent = async (more: object = {}) => {
  const lane = await laneOf(more)
  const asked = { place, running, lane }
  return { lane, calls: (...calls: string[]) => made(asked, ...calls) }
}

const codes = (answers: Awaited<ReturnType<typeof made>>) => answers.map(({ error }) => error?.code)

describe('a lane that an agent makes', () => {
  it.each([
    ['sandbox', { sandbox: 'workspace-write' }, { sandbox: 'danger-full-access' }],
    ['sandbox', { sandbox: 'read-only' }, { sandbox: 'workspace-write' }],
    ['approvalPolicy', { approvalPolicy: 'on-request' }, { approvalPolicy: 'never' }],
    ['approvalPolicy', { approvalPolicy: 'untrusted' }, { approvalPolicy: 'on-request' }],
    ['network', { sandbox: 'workspace-write' }, { network: true }],
    ['network', { sandbox: 'read-only', network: true }, { network: true }],
    ['addDir', { sandbox: 'workspace-write' }, { addDir: ['/'] }],
    ['addDir', { sandbox: 'workspace-write' }, { addDir: ['sub'] }],
    ['cwd', { sandbox: 'workspace-write' }, { cwd: '/' }],
    ['cwd', { sandbox: 'workspace-write' }, { cwd: 'sub' }],
    ['cwd', { sandbox: 'read-only' }, { cwd: '..' }],
  ])('gets no more of %s than its maker has: %o, %o', async (field, own, asked) => {
    mkdirSync(join(place.work, 'sub'), { recursive: true })
    const { lane, calls } = await agent(own)
    const [answer] = await calls(call('new', { name: newName(), ...asked }))
    expect(answer?.error).toMatchObject({ code: 'authority', details: { bound: 'parent', field } })
    const { entries } = await running.ops().daemon.log({ outcome: 'authority', limit: 1 })
    expect(entries).toMatchObject([{ op: 'new', actor: 'lane', detail: { callerThread: lane.id } }])
  })

  it('works where its maker does, not where a link leads that its maker may change', async () => {
    const link = join(place.work, 'link')
    symlinkSync(place.work, link)
    const { calls } = await agent({ sandbox: 'workspace-write' })
    const [answer] = await calls(call('new', { name: newName(), cwd: 'link', addDir: ['link'] }))
    expect(answer).toMatchObject({ cwd: place.work, error: null })
    const child = await running.ops().get({ lane: String(answer?.['id']) })
    expect(child).toMatchObject({ cwd: place.work, settings: { addDir: [place.work] } })
  })

  it('cannot be given what no agent gives', async () => {
    const { calls } = await agent()
    const answers = await calls(
      call('new', { name: newName(), env: { A: '1' } }),
      call('new', { name: newName(), modelProvider: 'other' }),
      call('new', { name: newName(), requests: 'permissive' }),
    )
    expect(codes(answers)).toEqual(['validation', 'validation', 'validation'])
  })

  it('is as its maker where nobody asks for anything else, and may be less', async () => {
    const own = { sandbox: 'workspace-write', approvalPolicy: 'never', network: true } as const
    const { lane, calls } = await agent({ ...own, addDir: [place.root] })
    const [alike, less] = await calls(
      call('new', { name: newName() }),
      call('new', { name: newName(), sandbox: 'read-only', approvalPolicy: 'untrusted' }),
    )
    expect(alike).toMatchObject({ cwd: place.work, notes: [expect.stringContaining('network')] })
    const first = await running.ops().get({ lane: String(alike?.['id']) })
    expect(first).toMatchObject({
      settings: { ...own, addDir: [place.root] },
      effective: { sandbox: 'workspace-write', approvalPolicy: 'never' },
      parent: { id: lane.id },
    })
    const second = await running.ops().get({ lane: String(less?.['id']) })
    expect(second.effective).toMatchObject({ sandbox: 'read-only', approvalPolicy: 'untrusted' })
  })

  it('is held to the turn that its maker was sent with', async () => {
    const { lane } = await agent({ sandbox: 'workspace-write' })
    const name = newName()
    const text = call('new', { name })
    await running.ops().send({ lane: lane.ref, text, sandbox: 'read-only', wait: true })
    expect(await running.ops().get({ lane: `@${name}` })).toMatchObject({
      effective: { sandbox: 'read-only' },
    })
  })

  it('gets what presets and defaults say only as far as its maker has it', async () => {
    const own = { sandbox: 'workspace-write', approvalPolicy: 'on-request' } as const
    const { calls } = await agent({ ...own, network: false })
    configure(
      place,
      [
        '[defaults]',
        'network = true',
        'env = { TOKEN = "secret" }',
        '[presets.wide]',
        'sandbox = "danger-full-access"',
        'approval_policy = "never"',
        'add_dir = ["/"]',
        'cwd = "/"',
        'model_provider = "openai"',
      ].join('\n'),
    )
    const [answer] = await calls(call('new', { name: newName(), presets: ['wide'] }))
    configure(place, '')
    expect(answer).toMatchObject({ cwd: place.work, effective: own })
    expect(JSON.stringify(answer)).not.toContain('secret')
    expect(answer?.['notes']).toHaveLength(7)
    const child = await running.ops().get({ lane: String(answer?.['id']) })
    expect(child.settings).toMatchObject({ ...own, network: false, addDir: [], env: {} })
    expect(child.effective).toMatchObject({ modelProvider: 'simulator' })
  })
})

describe('an agent', () => {
  it('stops, steers and interrupts only what it made', async () => {
    const other = await laneOf({ text: 'gate: hold', send: true })
    await place.model.waitForGate('hold')
    const { calls } = await agent()
    const refused = await calls(
      call('stop', { lane: other.ref }),
      call('send', { lane: other.ref, text: 'x', mode: 'steer' }),
      call('send', { lane: other.ref, text: 'x', mode: 'interject' }),
    )
    expect(refused.map(({ error }) => error?.details)).toEqual(
      Array.from({ length: 3 }, () => ({ bound: 'own', lane: other.id })),
    )
    const own = newName()
    const [, stopped] = await calls(
      call('new', { name: own, text: 'gate: own' }),
      call('stop', { lane: `@${own}` }),
    )
    expect(stopped).toMatchObject({ lanes: [{ stopped: true }] })
    place.model.open('hold')
    await running.ops().wait({ lanes: [other.ref] })
  })

  it('does nothing to its own lane', async () => {
    const { lane, calls } = await agent()
    const answers = await calls(
      call('stop', { lane: lane.ref }),
      call('send', { lane: lane.ref, text: 'x', mode: 'queue' }),
      call('wait', { lanes: [lane.ref] }),
    )
    expect(codes(answers)).toEqual(['validation', 'validation', 'validation'])
  })

  it('is told in calls of its own how to go on', async () => {
    const other = await laneOf({ text: 'gate: busy', send: true })
    await place.model.waitForGate('busy')
    const { calls } = await agent()
    const [refused, unknown] = await calls(
      call('send', { lane: other.ref, text: 'x' }),
      call('last', { lane: '@nobody' }),
    )
    expect(refused?.error).toMatchObject({
      code: 'lane_busy',
      hint: expect.stringMatching(/dispatch_send .*queue/),
    })
    expect(unknown?.error).toMatchObject({
      code: 'not_found',
      hint: expect.stringMatching(/^dispatch_list/),
    })
    place.model.open('busy')
    await running.ops().wait({ lanes: [other.ref] })
  })

  it('learns of no variables of other lanes', async () => {
    const other = await laneOf({ env: { TOKEN: 'secret' } })
    const { calls } = await agent({ env: { MINE: 'known' } })
    const [got] = await calls(call('get', { lane: other.ref }))
    expect(got).toMatchObject({ settings: { env: { TOKEN: '(set)' } } })
    expect((await running.ops().get({ lane: other.ref })).settings.env).toEqual({ TOKEN: 'secret' })
  })

  it('is given no tool for what a person decides', async () => {
    const { lane, calls } = await agent()
    await calls(call('list', { limit: 2 }))
    const [asked] = place.model.requests.filter(({ threadId }) => threadId === lane.id).slice(-1)
    const { tools } = JSON.parse(asked?.rawBody ?? '{}') as { tools: { name?: string }[] }
    const ours = tools.map(({ name }) => name).filter((name) => name?.startsWith('dispatch_'))
    expect(ours.toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))).toEqual(
      ['get', 'last', 'list', 'new', 'send', 'stop', 'tail', 'wait'].map((op) => `dispatch_${op}`),
    )
  })
})

describe('[lane_tools]', () => {
  it('bounds how deep lanes make lanes', async () => {
    configure(place, '[lane_tools]\nmax_depth = 2')
    const { calls } = await agent()
    const [child, grandchild, below] = [newName(), newName(), newName()]
    const deepest = call('new', { name: below })
    await calls(
      call('new', {
        name: child,
        text: call('new', { name: grandchild, text: deepest, wait: true }),
        wait: true,
      }),
    )
    const { entries } = await running.ops().daemon.log({ outcome: 'authority', limit: 1 })
    expect(entries).toMatchObject([{ op: 'new', detail: { bound: 'max_depth', limit: 2 } }])
    const maker = await running.ops().get({ lane: `@${grandchild}` })
    expect(entries[0]?.detail).toMatchObject({ callerThread: maker.id })
    await expect(running.ops().get({ lane: `@${below}` })).rejects.toMatchObject({
      cause: { code: 'not_found' },
    })
    configure(place, '')
  })

  it('bounds how many lanes one has, until some are archived', async () => {
    configure(place, '[lane_tools]\nmax_children = 1')
    const { calls } = await agent()
    const [first, second] = await calls(
      call('new', { name: newName() }),
      call('new', { name: newName() }),
    )
    expect(second?.error).toMatchObject({
      code: 'authority',
      message: expect.stringContaining('max_children = 1'),
      details: { bound: 'max_children', limit: 1 },
    })
    await running.ops().archive({ lane: String(first?.['ref']) })
    expect(codes(await calls(call('new', { name: newName() })))).toEqual([undefined])
    configure(place, '')
  })

  it('bounds how many lanes are below one, whoever made them', async () => {
    configure(place, '[lane_tools]\nmax_below = 1')
    const { calls, lane } = await agent()
    const [first, second] = await calls(
      call('new', { name: newName() }),
      call('new', { name: newName() }),
    )
    expect(second?.error).toMatchObject({
      code: 'authority',
      message: expect.stringContaining('max_below = 1'),
      details: { bound: 'max_below', limit: 1 },
    })
    const made = await running.ops().get({ lane: String(first?.['ref']) })
    expect(made.parent?.ref).toBe(lane.ref)
    configure(place, '')
  })

  it('bounds the messages of a minute', async () => {
    configure(place, '[lane_tools]\nmessages_per_minute = 2')
    const other = await laneOf()
    const { calls } = await agent()
    const send = call('send', { lane: other.ref, text: 'reply: x', mode: 'queue' })
    const answers = await calls(send, send, send)
    expect(answers[2]?.error).toMatchObject({
      code: 'authority',
      details: { bound: 'messages_per_minute', limit: 2 },
    })
    configure(place, '')
  })

  it('counts what presets say as well, and lets agents set no goals', async () => {
    const { calls } = await agent()
    const presets = '[presets.a]\ntext = "reply: x"\ngoal = "Go on."\n'
    configure(place, `${presets}[lane_tools]\nmessages_per_minute = 1`)
    const [first, second] = await calls(
      call('new', { name: newName(), presets: ['a'] }),
      call('new', { name: newName(), presets: ['a'] }),
    )
    configure(place, '')
    expect(first).toMatchObject({ goalSet: false, notes: [expect.stringContaining('goal')] })
    expect(second?.error).toMatchObject({ details: { bound: 'messages_per_minute' } })
    await running.ops().wait({ lanes: [String(first?.['ref'])] })
  })

  it('switches off, at once and for new lanes', async () => {
    const { calls } = await agent()
    configure(place, '[lane_tools]\nenabled = false')
    const [answer] = await calls(call('list', { limit: 2 }))
    expect(answer?.error).toMatchObject({ code: 'authority', details: { bound: 'enabled' } })
    const bare = await laneOf()
    expect((await running.ops().get({ lane: bare.ref })).laneTools).toEqual({
      ops: [],
      reason: expect.stringContaining('without'),
    })
    configure(place, 'lane_tools = nothing that can be read')
    const [closed] = await calls(call('list', { limit: 1 }))
    expect(closed?.error).toMatchObject({ code: 'authority', details: { bound: 'enabled' } })
    const { warnings } = await running.ops().daemon.status({})
    expect(warnings.join()).toContain('without lane tools')
    configure(place, '')
  })

  it('widens, and what destroys needs a word', async () => {
    configure(place, '[lane_tools]\nops = ["new", "archive", "queue.list"]')
    const { lane, calls } = await agent()
    expect((await running.ops().get({ lane: lane.ref })).laneTools.ops).toEqual([
      'new',
      'archive',
      'queue.list',
    ])
    const name = newName()
    const other = await laneOf()
    const answers = await calls(
      call('queue_list'),
      call('new', { name }),
      call('archive', { lane: `@${name}` }),
      call('archive', { lane: `@${name}`, confirm: true }),
      call('archive', { lane: other.ref, confirm: true }),
    )
    expect(codes(answers)).toEqual([undefined, undefined, 'validation', undefined, 'authority'])
    configure(place, '')
  })

  it('names no op that is never a tool', async () => {
    configure(place, '[lane_tools]\nops = ["adopt"]')
    const { warnings } = await running.ops().daemon.status({})
    expect(warnings.join()).toContain('lane_tools.ops')
    configure(place, '')
  })
})
