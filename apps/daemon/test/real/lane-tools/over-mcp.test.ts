// Agents that call over MCP: an own lane is held to what it may do itself; a person, and a thread that is no
// own lane, is not.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LaneSettings, TurnSettings } from '@dispatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../../composed.ts'
import { askOnNewLane } from '../requests/asking.ts'
import { configure } from './agent.ts'

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

type More = Partial<Parameters<ReturnType<RunningDaemon['ops']>['new']>[0]>
const laneOf = async (more: More = {}) =>
  await running.ops().new({ name: newName(), send: false, ...more })

const over = (threadId: string | null) => running.ops({ caller: 'mcp', threadId, cwd: '/' })

const refused = (details: object) => ({ cause: { code: 'authority', details } })

const free = { sandbox: 'danger-full-access', approvalPolicy: 'never' } as const

describe('over MCP a lane', () => {
  it.each<[string, LaneSettings & { cwd?: string }]>([
    ['sandbox', { sandbox: 'danger-full-access' }],
    ['approvalPolicy', { approvalPolicy: 'never' }],
    ['env', { env: { A: '1' } }],
    ['requests', { requests: 'permissive' }],
    ['cwd', { cwd: '/' }],
  ])('makes none with more %s than it has', async (field, more) => {
    const { id } = await laneOf({ sandbox: 'read-only', approvalPolicy: 'on-request' })
    const details = { bound: 'parent', field }
    const agent = over(id)
    await expect(agent.new({ name: newName(), send: false, ...more })).rejects.toMatchObject(
      refused(details),
    )
    await expect(over(id).run({ text: 'reply: hi', ...more })).rejects.toMatchObject(
      refused(details),
    )
    await expect(over(id).new({ name: newName(), dryRun: true, ...more })).rejects.toMatchObject(
      refused(details),
    )
    const { entries } = await running.ops().daemon.log({ outcome: 'authority', limit: 1 })
    expect(entries).toMatchObject([{ actor: 'mcp', detail: { callerThread: id } }])
  })

  it('makes one as it is itself where it asks for nothing else, also by a preset', async () => {
    configure(place, '[presets.wide]\nsandbox = "danger-full-access"\n')
    const { id } = await laneOf({ sandbox: 'read-only', approvalPolicy: 'untrusted' })
    const made = await over(id).new({ name: newName(), send: false, presets: ['wide'] })
    configure(place, '')
    expect(made).toMatchObject({
      cwd: place.work,
      effective: { sandbox: 'read-only', approvalPolicy: 'untrusted' },
      notes: expect.arrayContaining([expect.stringContaining('more than the lane may have')]),
    })
    expect((await running.ops().get({ lane: made.id })).parent).toMatchObject({ id })
  })

  it('forks itself, and no lane that may do more', async () => {
    const own = await running.ops().new({ name: newName(), text: 'reply: hi', wait: true })
    const fork = await over(own.id).fork({ lane: own.id, name: newName() })
    expect(fork.effective).toMatchObject({
      sandbox: own.effective.sandbox,
      approvalPolicy: own.effective.approvalPolicy,
    })
    expect((await running.ops().get({ lane: fork.id })).parent).toMatchObject({ id: own.id })
    const wide = await running
      .ops()
      .new({ name: newName(), text: 'reply: hi', wait: true, ...free })
    const { id } = await laneOf({ sandbox: 'read-only', approvalPolicy: 'never' })
    await expect(over(id).fork({ lane: wide.ref, name: newName() })).rejects.toMatchObject(
      refused({ bound: 'parent', field: 'sandbox' }),
    )
  })

  it('widens none by a message or by its settings, itself neither, and narrows any', async () => {
    const { id } = await laneOf({ sandbox: 'read-only', approvalPolicy: 'on-request' })
    const other = await laneOf({ sandbox: 'workspace-write', approvalPolicy: 'on-request' })
    const sandbox = 'danger-full-access'
    const details = refused({ bound: 'parent', field: 'sandbox' })
    const text = 'reply: hi'
    await expect(over(id).send({ lane: other.ref, text, sandbox })).rejects.toMatchObject(details)
    await expect(
      over(id).sendTo({ to: [other.ref], text, mode: 'queue', sandbox }),
    ).rejects.toMatchObject(details)
    await expect(over(id).set({ lane: other.handle, sandbox })).rejects.toMatchObject(details)
    await expect(over(id).set({ lane: id, sandbox })).rejects.toMatchObject(details)
    await expect(over(id).set({ lane: other.ref, unset: ['sandbox'] })).rejects.toMatchObject(
      details,
    )
    expect((await running.ops().get({ lane: other.id })).deliveries).toEqual([])
    await over(id).set({ lane: other.ref, sandbox: 'read-only' })
    const sent = await over(id).send({ lane: other.ref, text, wait: true, effort: 'low' })
    expect(sent.lastMessage).toBe('hi')
  })

  it('puts no words of its own into a message that goes with more', async () => {
    const { id } = await laneOf({ sandbox: 'read-only', approvalPolicy: 'on-request' })
    await running.ops().queue.pause({ lane: id })
    const queue = async (more: TurnSettings) =>
      (await running.ops().send({ lane: id, text: 'reply: hi', mode: 'queue', ...more })).delivery
        .id
    const [wide, alike] = [await queue({ sandbox: 'danger-full-access' }), await queue({})]
    const text = 'reply: mine'
    await expect(over(id).queue.edit({ message: wide, text })).rejects.toMatchObject(
      refused({ bound: 'parent', field: 'sandbox' }),
    )
    await over(id).queue.edit({ message: alike, text })
    expect(await running.ops().queue.get({ message: wide })).toMatchObject({ text: 'reply: hi' })
    expect(await running.ops().queue.get({ message: alike })).toMatchObject({ text })
  })

  it('counts as narrow as its running turn', async () => {
    const { id } = await laneOf({ ...free })
    await running.ops().send({ lane: id, text: 'hold', sandbox: 'read-only' })
    await expect(
      over(id).new({ name: newName(), send: false, sandbox: 'workspace-write' }),
    ).rejects.toMatchObject(refused({ bound: 'parent', field: 'sandbox' }))
    await running.ops().stop({ lane: id })
  })

  it('adopts nothing, trusts nothing, lets no lane go and sets up no trigger that makes lanes', async () => {
    const { id } = await laneOf(free)
    const other = await laneOf()
    const trigger = { when: 'interval', seconds: 3600, text: 'reply: hi' } as const
    const of = await running
      .ops()
      .trigger.add({ name: newName(), action: 'new', cwd: place.work, ...trigger })
    const at = { lane: other.ref, ...trigger }
    const reminder = await over(id).trigger.add({ name: newName(), action: 'send', ...at })
    const asked = [
      over(id).adopt({ lane: other.ref }),
      over(id).config.trust({}),
      over(id).release({ lane: id }),
      over(id).detach({ lane: other.ref }),
      over(id).trigger.add({ name: newName(), action: 'new', ...trigger }),
      over(id).trigger.edit({ trigger: of.id, text: 'reply: more' }),
      over(id).trigger.edit({ trigger: reminder.id, action: 'new' }),
    ]
    const bounds = ['adopt', 'trust', 'hold', 'hold', 'trigger', 'trigger', 'trigger']
    const ended = await Promise.allSettled(asked)
    expect(ended.map((one) => (one as PromiseRejectedResult).reason)).toMatchObject(
      bounds.map((bound) => refused({ bound })),
    )
    await over(id).trigger.edit({ trigger: reminder.id, text: 'reply: more' })
    for (const { id: gone } of [of, reminder]) await running.ops().trigger.rm({ trigger: gone })
  })

  it('answers neither for itself nor for who made it, and says yes to no other that asks', async () => {
    const asking = await askOnNewLane(running, 'shell: touch made', { name: newName() })
    const { id: request } = asking.request
    const child = await over(asking.id).new({ name: newName(), send: false })
    const stranger = await laneOf({ sandbox: 'read-only' })
    for (const [of, bound] of [
      [asking, 'itself'],
      [child, 'maker'],
    ] as const) {
      for (const answer of ['approve', 'deny'] as const) {
        await expect(over(of.id).request[answer]({ id: request })).rejects.toMatchObject(
          refused({ bound }),
        )
      }
    }
    await expect(over(stranger.id).request.approve({ id: request })).rejects.toMatchObject(
      refused({ bound: 'parent' }),
    )
    await over(stranger.id).request.deny({ id: request })
    await running.ops().wait({ lanes: [asking.id] })
    const second = await askOnNewLane(running, 'shell: touch made', { name: newName() })
    const orchestrator = await laneOf(free)
    await over(orchestrator.id).request.approve({ id: second.request.id })
    expect(await running.ops().wait({ lanes: [second.id] })).toMatchObject({ met: true })
  })
})

describe('over MCP a person', () => {
  it.each([
    ['without a thread', null],
    ['in a thread that is no lane', '01900000-0000-7000-8000-00000000abcd'],
  ])('%s is held to nothing', async (_where, threadId) => {
    mkdirSync(join(place.work, 'sub'), { recursive: true })
    const asked = { name: newName(), send: false, cwd: join(place.work, 'sub'), ...free }
    const made = await over(threadId).new(asked)
    expect(made.effective).toMatchObject(free)
    const set = await over(threadId).set({ lane: made.ref, env: { A: '1' } })
    expect(set.changed).toEqual(['env'])
    expect((await running.ops().get({ lane: made.id })).parent).toBeNull()
  })
})
