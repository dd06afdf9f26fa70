import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'
import { add, asked, comes, done, nth, runsOf } from './watching.ts'

describe('triggers by rest', () => {
  it('fire once a stretch, which a brief of ours does not end', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const idle = { lane: '@a', when: 'idle_for', seconds: 1 } as const
    await add(running, { ...idle, action: 'brief', text: 'First re-read the diff.' })
    await nth(running, 'trigger.fired')
    expect(await running.ops().trigger.get({ trigger: 't' })).toMatchObject({ nextAt: null })
    await running.ops().send({ lane: '@a', text: 'reply: hi', wait: true })
    await nth(running, 'trigger.fired', { count: 2 })
    const runs = await runsOf(running)
    expect(runs).toMatchObject([{ outcome: 'fired', cause: 'idle' }, { outcome: 'fired' }])
    expect(place.model.requests).toHaveLength(1)
    expect(place.model.requests[0]?.userTexts).toContain('First re-read the diff.')
  })

  it('do not set themselves off for ever', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await add(running, { lane: '@a', when: 'idle_for', seconds: 1 })
    await nth(running, 'trigger.skipped')
    expect(await runsOf(running)).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'skipped', reason: 'loop' },
    ])
    expect(await running.ops().trigger.get({ trigger: 't' })).toMatchObject({ nextAt: null })
    expect(asked(place.model)).toEqual(['reply: fired'])
  })

  it('wait for the end of a turn, and are not for the time after a restart alone', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'gate: g' })
      await place.model.waitForGate('g')
      const made = await add(first, { lane: '@a', when: 'idle_for', seconds: 1 })
      expect(made.nextAt).toBeNull()
    }
    place.model.open('g')
    await using second = place.start()
    await nth(second, 'trigger.fired')
    await done(second, '@a')
    expect(asked(place.model)).toEqual(['gate: g', 'reply: fired'])
  })
})

describe('triggers by event', () => {
  it('hand on what a turn has said, and go no second round', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running.ops().new({ name: 'b', send: false })
    const ended = { when: 'turn_completed', action: 'queue', template: true } as const
    const text = 'reply: ${lane.ref} had ${turn.lastMessage} of ${trigger.name}'
    await add(running, { ...ended, name: 'to-b', on: '@a', lane: '@b', text })
    await add(running, { ...ended, name: 'to-a', on: '@b', lane: '@a', text: 'reply: back' })
    await running.ops().send({ lane: '@a', text: 'reply: news', wait: true })
    await nth(running, 'trigger.skipped')
    const { ref } = await running.ops().get({ lane: '@b' })
    const heard = `reply: ${ref} had news of to-b`
    expect(asked(place.model)).toEqual(['reply: news', heard, 'reply: back'])
    expect(await runsOf(running, 'to-b')).toMatchObject([
      { outcome: 'fired', cause: 'event', lane: { handle: '@b' } },
      { outcome: 'skipped', reason: 'loop' },
    ])
    expect(await runsOf(running, 'to-a')).toMatchObject([{ outcome: 'fired' }])
  })

  it('do not fire for a turn of a trigger on the same lane, and for the outcome they name', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const failed = ['failed'] as const
    const ended = { lane: '@a', when: 'turn_completed' } as const
    await add(running, { ...ended, name: 'all' })
    await add(running, { ...ended, name: 'bad', outcomes: [...failed], action: 'brief' })
    await running.ops().send({ lane: '@a', text: 'reply: one' })
    await nth(running, 'trigger.skipped', { name: 'all' })
    expect(await runsOf(running, 'all')).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'skipped', reason: 'loop' },
    ])
    expect(await runsOf(running, 'bad')).toEqual([])
    await running.ops().trigger.rm({ trigger: 'all' })
    await running.ops().send({ lane: '@a', text: 'fail: http 500' })
    await nth(running, 'trigger.fired', { name: 'bad' })
    expect(asked(place.model).filter((text) => text === 'reply: fired')).toHaveLength(1)
  })

  it('tell of a lane that waits for a person', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'watch', send: false })
    const made = add(running, { when: 'waiting_on_approval', action: 'new' })
    await expect(made).rejects.toMatchObject({ cause: { code: 'validation' } })
    await running.ops().new({ name: 'b', send: false })
    const lane = await running.ops().new({
      name: 'asks',
      send: false,
      sandbox: 'workspace-write',
      approvalPolicy: 'untrusted',
    })
    await add(running, {
      when: 'waiting_on_approval',
      on: lane.ref,
      lane: '@b',
      template: true,
      text: 'reply: ${trigger.name}',
    })
    await running.ops().send({ lane: lane.ref, text: 'shell: touch x' })
    await nth(running, 'trigger.fired')
    await done(running, '@b')
    expect(asked(place.model)).toContain('reply: t')
    const { requests } = await running.ops().request.list({})
    await running.ops().request.deny({ id: requests[0]?.id ?? '' })
    await done(running, lane.ref)
  })

  it('steer a turn that asks, and only then', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const steers = { name: 'nudge', lane: '@a', seconds: 3_600, action: 'steer' } as const
    await add(running, { ...steers, text: 'Go on.' })
    const idle = await running.ops().trigger.run({ trigger: 'nudge' })
    expect(idle).toMatchObject({ outcome: 'skipped', reason: 'no_active_turn' })
    await running.ops().send({ lane: '@a', text: 'gate: g' })
    await place.model.waitForGate('g')
    const busy = await running.ops().trigger.run({ trigger: 'nudge' })
    expect(busy).toMatchObject({ outcome: 'fired', delivery: { mode: 'steer' } })
    place.model.open('g')
    await done(running, '@a')
  })
})

describe('a trigger that is removed while its turn runs', () => {
  it('has led to it all the same', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const ends = { lane: '@a', when: 'turn_completed', action: 'brief' } as const
    await add(running, { ...ends, name: 'ends', text: 'Ended.' })
    await add(running, { lane: '@a', seconds: 3_600, text: 'gate: g' })
    await running.ops().trigger.run({ trigger: 't' })
    await place.model.waitForGate('g')
    await running.ops().trigger.rm({ trigger: 't' })
    place.model.open('g')
    await nth(running, 'trigger.skipped', { name: 'ends' })
    expect(await runsOf(running, 'ends')).toMatchObject([{ reason: 'caused_by_trigger' }])
  })
})

describe('a message that is made of a template', () => {
  it('and is empty then is not sent', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const text = '${turn.lastMessage}'
    await add(running, { lane: '@a', seconds: 3_600, template: true, text })
    const ran = await running.ops().trigger.run({ trigger: 't' })
    expect(ran).toMatchObject({ outcome: 'skipped', reason: 'no_text', delivery: null })
    expect((await running.ops().daemon.status({})).followers).toBe(0)
  })
})

describe('triggers of lanes that go', () => {
  it('are disabled with the reason, and come back by hand', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref } = await running.ops().new({ name: 'a', text: 'reply: hi', wait: true })
    await running.ops().new({ name: 'b', send: false })
    await add(running, { name: 'on-a', lane: '@a', seconds: 3_600 })
    await add(running, { name: 'of-a', on: '@a', lane: '@b', when: 'turn_completed' })
    const { notes } = await running.ops().archive({ lane: '@a' })
    expect(notes).toEqual(['Its 2 triggers are disabled.'])
    await nth(running, 'trigger.disabled', { count: 2 })
    const { triggers } = await running.ops().trigger.list({ state: 'disabled' })
    expect(triggers).toHaveLength(2)
    const reason = `@a is archived: dispatch restore ${ref}, then resume the trigger.`
    expect(triggers[0]).toMatchObject({ enabled: false, reason })
    expect((await running.ops().daemon.status({})).warnings).toEqual(
      triggers.map(
        ({ id, name }) => `Trigger ${name} was disabled (${reason}): dispatch trigger resume ${id}`,
      ),
    )
    const refused = running.ops().trigger.resume({ trigger: 'on-a' })
    await expect(refused).rejects.toMatchObject({ cause: { code: 'validation' } })
    await running.ops().restore({ lane: ref })
    expect(await running.ops().trigger.resume({ trigger: 'on-a' })).toMatchObject({
      enabled: true,
      reason: null,
    })
    const plan = await running.ops().detachPlan({ lane: ref })
    expect(plan.losses).toEqual(['1 trigger.'])
    await running.ops().detach({ lane: ref })
    const left = await running.ops().trigger.list({})
    expect(left.triggers.map(({ name }) => name)).toEqual(['of-a'])
  })

  it('are disabled at once when Codex has the thread no more', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref, id } = await running.ops().new({ name: 'a', text: 'reply: hi', wait: true })
    await running.ops().release({ lane: ref })
    rmSync(running.store.lanes.get(id)?.rolloutPath ?? '')
    await add(running, { lane: ref, seconds: 3_600 })
    await comes(running)
    const { data } = await nth(running, 'trigger.disabled')
    expect(data.reason).toMatch(/^Codex does not have the thread any more/)
    expect((await runsOf(running))[0]).toMatchObject({ outcome: 'skipped', reason: 'disabled' })
  })
})
