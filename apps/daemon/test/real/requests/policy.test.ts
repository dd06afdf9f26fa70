import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../composed.ts'
import { again, askOnNewLane, done } from './asking.ts'

const configure = ({ root }: Place, text: string): void =>
  writeFileSync(join(root, 'home', 'config.toml'), text)

const lane = { name: 'a', sandbox: 'workspace-write', approvalPolicy: 'untrusted' } as const

describe('the policy', () => {
  it('denies, allows or asks by the first rule that fits, and says which', async () => {
    await using place = await makePlace()
    configure(
      place,
      [
        '[[policy.rules]]',
        'deny = true',
        'command_prefix = "touch secret"',
        '[[policy.rules]]',
        'allow = true',
        'command_prefix = ["touch"]',
        '[[policy.rules]]',
        'allow = true',
        'path = "notes"',
      ].join('\n'),
    )
    await using running = place.start()
    const text = 'shell: touch made\nshell: touch secret\npatch: notes/a.txt\nhello'
    const made = await running.ops().new({ ...lane, text, wait: true })
    expect(made.error).toBeNull()
    const isThere = (name: string) => existsSync(join(place.work, name))
    expect([isThere('made'), isThere('secret'), isThere('notes/a.txt')]).toEqual([
      true,
      false,
      true,
    ])
    const { requests } = await running.ops().request.list({ state: 'all' })
    expect(requests.map(({ decision, policyRule }) => [decision, policyRule])).toEqual([
      ['approve', 'allow path = "notes"'],
      ['deny', 'deny command_prefix = "touch secret"'],
      ['approve', 'allow command_prefix = "touch"'],
    ])
    const { entries } = await running.ops().daemon.log({ op: 'request.answer' })
    expect(entries.map(({ outcome, detail }) => [outcome, detail['rule']])).toEqual([
      ['approve', 'allow command_prefix = "touch"'],
      ['deny', 'deny command_prefix = "touch secret"'],
      ['approve', 'allow path = "notes"'],
    ])
    // More than one plain command is left to a person.
    const sent = await running.ops().send({ lane: '@a', text: 'shell: touch b && ls', wait: true })
    expect(sent.error).toMatchObject({ code: 'approval_required' })
  })

  it('is read at use, and a lane may have a mode of its own', async () => {
    await using place = await makePlace()
    await using running = place.start()
    configure(place, '[policy]\nrequests = "deny"\n')
    const denied = await running.ops().new({ ...lane, text: 'shell: touch made', wait: true })
    expect(denied.error).toBeNull()
    expect(existsSync(join(place.work, 'made'))).toBe(false)
    await running.ops().set({ lane: '@a', requests: 'permissive' })
    const allowed = await running.ops().send({ lane: '@a', text: 'shell: touch made', wait: true })
    expect(allowed.error).toBeNull()
    expect(existsSync(join(place.work, 'made'))).toBe(true)
    configure(place, '[policy]\nrequests = "attention"\n')
    await running.ops().set({ lane: '@a', unset: ['requests'] })
    const asked = await running.ops().send({ lane: '@a', text: 'shell: touch more', wait: true })
    expect(asked.error).toMatchObject({ code: 'approval_required' })
  })

  it('of a preset holds for its lanes; no repository sets one by itself', async () => {
    await using place = await makePlace()
    configure(place, '[presets.alone]\nrequests = "deny"\nrequest_timeout_seconds = 60\n')
    await using running = place.start()
    const made = await running
      .ops()
      .new({ ...lane, presets: ['alone'], text: 'shell: touch made', wait: true })
    expect(made.error).toBeNull()
    expect((await running.ops().get({ lane: '@a' })).settings).toMatchObject({
      requests: 'deny',
      requestTimeoutSeconds: 60,
    })
    mkdirSync(join(place.work, '.dispatch'))
    const file = join(place.work, '.dispatch', 'config.toml')
    writeFileSync(file, '[defaults]\nrequests = "permissive"\n')
    await expect(running.ops().new({ ...lane, name: 'b', send: false })).rejects.toMatchObject({
      cause: { code: 'validation', details: { needsTrust: ['requests = "permissive"'] } },
    })
    writeFileSync(file, '[policy]\nrequests = "permissive"\n')
    await expect(running.ops().new({ ...lane, name: 'b', send: false })).rejects.toMatchObject({
      cause: { code: 'validation' },
    })
  })

  it('falls back to asking where its file cannot be read', async () => {
    await using place = await makePlace()
    await using running = place.start()
    configure(place, '[policy]\nrequests = "permissive"\n')
    const first = await askOnNewLane(running, 'shell: touch made', { requests: 'attention' })
    configure(place, '[policy]\nrequests = "permissiv"\n')
    await running.ops().request.approve({ id: first.request.id })
    await done(running, first.ref)
    await running.ops().set({ lane: first.ref, unset: ['requests'] })
    const sent = await running
      .ops()
      .send({ lane: first.ref, text: 'shell: touch more', wait: true })
    expect(sent.error).toMatchObject({ code: 'approval_required' })
    expect((await again(running, first.request)).state).toBe('answered')
  })
})
