import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore, type TriggerPatch } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../../composed.ts'
import { add, asked, comes, done, nth, runsOf } from './watching.ts'

/** Changes a trigger while no daemon runs. */
const meanwhile = ({ root }: Place, id: string, patch: TriggerPatch): void => {
  using store = openStore({ file: join(root, 'home', 'registry.db') })
  store.triggers.update(id, patch)
}

describe('triggers by time', () => {
  it('send a message every so often, the first one after one interval', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const made = await add(running, { lane: '@a', seconds: 3_600, maxFires: 2 })
    expect(made).toMatchObject({ enabled: true, fires: 0, lane: { handle: '@a' }, on: null })
    const [first = '', second = ''] = made.next
    expect(made.next).toHaveLength(2)
    expect(Date.parse(first) - Date.parse(made.createdAt)).toBe(3_600_000)
    expect(Date.parse(second) - Date.parse(first)).toBe(3_600_000)
    for (const count of [1, 2]) {
      await comes(running)
      await nth(running, 'trigger.fired', { count })
      await done(running, '@a')
    }
    expect(asked(place.model)).toEqual(['reply: fired', 'reply: fired'])
    const now = await running.ops().trigger.get({ trigger: 't' })
    expect(now).toMatchObject({ state: 'done', fires: 2, next: [], nextAt: null })
    const runs = await runsOf(running)
    expect(runs).toMatchObject([
      { cause: 'time', delivery: { id: runs[0]?.id, state: 'accepted' } },
      { cause: 'time', delivery: { id: runs[1]?.id, state: 'accepted' } },
    ])
    const { entries } = await running.ops().daemon.log({ op: 'trigger.fire' })
    expect(entries).toMatchObject([
      { actor: 'trigger', outcome: 'ok', detail: { textLength: 12 } },
      { actor: 'trigger', outcome: 'ok' },
    ])
  })

  it('fire once, at a time', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const time = new Date(Date.now() + 3_600_000).toISOString()
    const once = { when: 'at', time, action: 'brief' } as const
    const made = await add(running, { ...once, lane: '@a', text: 'Mind the gap.' })
    expect(made.next).toEqual([time])
    await comes(running)
    await nth(running, 'trigger.fired')
    expect(await running.ops().trigger.get({ trigger: 't' })).toMatchObject({
      state: 'done',
      reason: 'Its time has been.',
    })
    expect(await runsOf(running)).toMatchObject([{ delivery: { mode: 'context', outcome: null } }])
    await running.ops().send({ lane: '@a', text: 'reply: hi', wait: true })
    expect(place.model.requests.at(-1)?.userTexts).toContain('Mind the gap.')
  })

  it('skip a lane that is busy, or wait for it, and say so', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    const shared = { lane: '@a', seconds: 3_600 }
    await add(running, { ...shared, name: 'skips', text: 'reply: no' })
    await comes(running, 'skips')
    await nth(running, 'trigger.skipped', { name: 'skips' })
    await add(running, { ...shared, name: 'waits', overlap: 'queue' })
    await comes(running, 'waits')
    await nth(running, 'trigger.fired', { name: 'waits' })
    expect(await runsOf(running, 'skips')).toMatchObject([{ outcome: 'skipped', reason: 'busy' }])
    expect(await runsOf(running, 'waits')).toMatchObject([
      { outcome: 'fired', delivery: { mode: 'queue', state: 'queued' } },
    ])
    place.model.open('g')
    await done(running, '@a')
    expect(asked(place.model)).toEqual(['gate: g', 'reply: fired'])
  })

  it('wait for one another where several are due at once on a lane that rests', async () => {
    await using place = await makePlace()
    const ids: string[] = []
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      const waits = { lane: '@a', seconds: 3_600, overlap: 'queue' } as const
      for (const name of ['one', 'two', 'three'])
        ids.push((await add(first, { ...waits, name, text: `gate: ${name}` })).id)
    }
    const at = Date.now() - 1_000
    for (const id of ids)
      meanwhile(place, id, { armedAt: at - 3_600_000, nextAt: at, scheduledAt: at })
    await using second = place.start()
    const names = ['one', 'two', 'three']
    for (const name of names) {
      await place.model.waitForGate(name)
      place.model.open(name)
    }
    await done(second, '@a')
    const runs = await Promise.all(names.map((name) => runsOf(second, name)))
    expect(runs.flat().map(({ outcome }) => outcome)).toEqual(['fired', 'fired', 'fired'])
    expect(asked(place.model)).toEqual(['gate: one', 'gate: two', 'gate: three'])
  })

  it('make up once for what was missed while no daemon ran, and record the rest', async () => {
    await using place = await makePlace()
    let id = ''
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      id = (await add(first, { lane: '@a', seconds: 60 })).id
    }
    const missed = Date.now() - 600_000
    meanwhile(place, id, { armedAt: missed - 60_000, nextAt: missed, scheduledAt: missed })
    await using second = place.start()
    await nth(second, 'trigger.fired')
    expect(await runsOf(second)).toMatchObject([
      {
        outcome: 'missed',
        reason: 'not_running',
        detail: `Nobody was there for 10 times, from ${new Date(missed).toISOString()} on.`,
      },
      { outcome: 'fired', scheduledAt: new Date(missed + 600_000).toISOString() },
    ])
    await done(second, '@a')
    expect(asked(place.model)).toEqual(['reply: fired'])
    const { nextAt } = await second.ops().trigger.get({ trigger: id })
    expect(nextAt).toBe(new Date(missed + 660_000).toISOString())
  })

  it('are fired by hand, paused, resumed, changed and removed', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await add(running, { lane: '@a', seconds: 3_600, idleOnly: true, minIntervalSeconds: 60 })
    const { trigger } = running.ops()
    const paused = await trigger.pause({ trigger: 't' })
    expect(paused).toMatchObject({ state: 'paused', enabled: false, nextAt: null, next: [] })
    const ran = await trigger.run({ trigger: 't' })
    expect(ran).toMatchObject({
      cause: 'manual',
      outcome: 'fired',
      delivery: { state: 'accepted' },
    })
    await done(running, '@a')
    expect((await running.ops().trigger.run({ trigger: 't' })).outcome).toBe('fired')
    await done(running, '@a')
    expect(asked(place.model)).toEqual(['reply: fired', 'reply: fired'])
    const resumed = await running.ops().trigger.resume({ trigger: 't' })
    expect(Date.parse(resumed.nextAt ?? '') - Date.parse(resumed.updatedAt)).toBe(3_600_000)
    const edited = await running.ops().trigger.edit({
      trigger: 't',
      when: 'cron',
      cron: '30 9 * * *',
      timezone: 'Europe/Berlin',
      idleOnly: false,
      unset: ['min-interval'],
    })
    expect(edited).toMatchObject({ when: 'cron', seconds: null, idleOnly: false, fires: 2 })
    expect(edited.minIntervalSeconds).toBeNull()
    expect(edited.next).toHaveLength(3)
    const ahead = await running.ops().trigger.next({ limit: 2 })
    expect(ahead.times.map(({ at }) => at)).toEqual(edited.next.slice(0, 2))
    expect(await running.ops().daemon.status({})).toMatchObject({
      triggers: { total: 1, enabled: 1, disabled: 0, failing: 0 },
    })
    expect(await running.ops().trigger.rm({ trigger: 't' })).toMatchObject({ removed: true })
    expect(await running.ops().trigger.list({})).toEqual({ triggers: [], nextCursor: null })
    const gone = running.ops().trigger.get({ trigger: 't' })
    await expect(gone).rejects.toMatchObject({ cause: { code: 'not_found' } })
  })

  it('make a lane of their own, which is put away after its turn', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await add(running, { action: 'new', seconds: 3_600, text: 'gate: g' })
    expect(made).toMatchObject({ lane: null, cwd: place.work })
    await comes(running)
    await nth(running, 'trigger.fired')
    const [fired] = await runsOf(running)
    expect(fired).toMatchObject({ outcome: 'fired', lane: { handle: '@t', status: 'busy' } })
    place.model.open('g')
    await running.event(({ type }) => type === 'lane.archived')
    expect((await running.ops().list({})).lanes).toEqual([])
    const [kept] = await runsOf(running)
    expect(kept).toMatchObject({ lane: { status: 'archived' }, delivery: { outcome: 'completed' } })
  })

  it('are refused where the directory of their lanes is none', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const missing = join(place.root, 'missing')
    const refusal = {
      code: 'validation',
      message: `The directory of --cwd does not exist: ${missing}`,
      hint: `mkdir -p ${missing}, or name another directory with --cwd`,
    }
    const input = { action: 'new', seconds: 3_600 } as const
    await expect(add(running, { ...input, cwd: missing })).rejects.toMatchObject({ cause: refusal })
    expect((await running.ops().trigger.list({})).triggers).toEqual([])
    await add(running, input)
    const edit = running.ops().trigger.edit({ trigger: 't', cwd: missing })
    await expect(edit).rejects.toMatchObject({ cause: refusal })
    await mkdir(missing)
    const edited = await running.ops().trigger.edit({ trigger: 't', cwd: missing })
    expect(edited).toMatchObject({ cwd: missing })
  })

  it('put the lane that they made away also when they are removed while it works', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await add(first, { action: 'new', seconds: 3_600, text: 'gate: g' })
      await first.ops().trigger.run({ trigger: 't' })
      await place.model.waitForGate('g')
      await first.ops().trigger.rm({ trigger: 't' })
    }
    // No trigger is left that anybody would follow events for.
    await using second = place.start()
    place.model.open('g')
    await second.event(({ type }) => type === 'lane.archived')
    expect((await second.ops().list({})).lanes).toEqual([])
  })

  it('leave a lane alone that a person has back, or has given more to do', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await add(first, { action: 'new', seconds: 3_600 })
      await first.ops().trigger.run({ trigger: 't' })
      await first.event(({ type }) => type === 'lane.archived')
      await first.ops().restore({ lane: '@t' })
    }
    await using second = place.start()
    expect((await second.ops().get({ lane: '@t' })).status).toBe('idle')
    await second.ops().send({ lane: '@t', text: 'reply: more', wait: true })
    // By now the end of that turn has been looked at.
    await add(second, { name: 'last', lane: '@t', when: 'turn_completed', action: 'brief' })
    await second.ops().send({ lane: '@t', text: 'reply: still', wait: true })
    await nth(second, 'trigger.fired', { name: 'last' })
    expect((await second.ops().get({ lane: '@t' })).status).toBe('idle')
  })
})
