// What a daemon leaves that dies between the row of an occurrence and its message.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type Store, type TriggerRunRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { deliveryRow, triggerRunRow } from '../../bench.ts'
import { makePlace, type Place } from '../../composed.ts'
import { add, asked, comes, done, nth, runsOf } from './watching.ts'

const ID = '01900000-0000-7000-8000-00000000f1ed'

const meanwhile = ({ root }: Place, change: (store: Store) => void): void => {
  using store = openStore({ file: join(root, 'home', 'registry.db') })
  change(store)
}

const planned = (triggerId: string, part: Partial<TriggerRunRow>): TriggerRunRow =>
  triggerRunRow(ID, triggerId, {
    key: 'time:1',
    outcome: 'planned',
    text: 'reply: planned',
    firedAt: null,
    laneId: null,
    ...part,
  })

describe('an occurrence that was on disk when the daemon died', () => {
  it('is acted on by the next one, under its own id', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      const { id } = await first.ops().new({ name: 'a', send: false })
      const made = await add(first, { lane: '@a', seconds: 3_600 })
      first.store.triggerRuns.insert(planned(made.id, { laneId: id }))
    }
    {
      await using second = place.start()
      await nth(second, 'trigger.fired')
      await done(second, '@a')
      expect(await runsOf(second)).toMatchObject([
        { id: ID, outcome: 'fired', delivery: { id: ID, outcome: 'completed' } },
      ])
    }
    // Once more as if nobody had come to say so: the message is there already.
    meanwhile(place, (store) => store.triggerRuns.update(ID, { outcome: 'planned', text: 'x' }))
    await using third = place.start()
    await third.event(({ type, data }) => type === 'daemon.started' && data.pid === process.pid)
    await expect
      .poll(async () => (await runsOf(third))[0]?.outcome, { timeout: 10_000 })
      .toBe('fired')
    expect(asked(place.model)).toEqual(['reply: planned'])
  })

  it('makes its lane once', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      const made = await add(first, { action: 'new', seconds: 3_600 })
      first.store.triggerRuns.insert(planned(made.id, { mode: 'new' }))
    }
    await using second = place.start()
    await second.event(({ type }) => type === 'lane.archived')
    expect(asked(place.model)).toEqual(['reply: planned'])
    expect(await runsOf(second)).toMatchObject([{ id: ID, outcome: 'fired' }])
    expect((await second.ops().list({ includeArchived: true })).lanes).toHaveLength(1)
  })

  it('is not made twice of an event that is seen again', async () => {
    await using place = await makePlace()
    let cursor: unknown = null
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      const ended = { lane: '@a', when: 'turn_completed', action: 'brief' } as const
      await add(first, { ...ended, text: 'Once.' })
      cursor = first.store.runtime.get('triggers.cursor')
      await first.ops().send({ lane: '@a', text: 'reply: hi' })
      await nth(first, 'trigger.fired')
    }
    meanwhile(place, (store) => store.runtime.set('triggers.cursor', cursor))
    await using second = place.start()
    await second.ops().send({ lane: '@a', text: 'reply: ho' })
    await nth(second, 'trigger.fired', { count: 2 })
    expect(await runsOf(second)).toHaveLength(2)
    const said = place.model.requests.at(-1)?.userTexts.filter((text) => text === 'Once.')
    expect(said).toHaveLength(1)
  })
})

describe('an occurrence whose message was on its way when the daemon died', () => {
  it('goes again under its receipt, and what was missed is made up for', async () => {
    await using place = await makePlace()
    const hour = 3_600_000
    const due = Date.now() - hour / 2
    {
      await using first = place.start()
      const { id } = await first.ops().new({ name: 'a', text: 'reply: hi', wait: true })
      const spec = { seconds: 3_600, catchUp: 'all', overlap: 'queue' } as const
      const made = await add(first, { lane: '@a', ...spec })
      first.store.triggerRuns.insert(planned(made.id, { laneId: id }))
      const text = 'reply: planned'
      first.store.deliveries.insert(
        deliveryRow(ID, id, { text, actor: 'trigger', rolloutBytes: 0 }),
      )
      const times = { armedAt: due - 2 * hour, nextAt: due - hour, scheduledAt: due - hour }
      first.store.triggers.update(made.id, { ...times, fires: 1 })
    }
    await using second = place.start()
    await nth(second, 'trigger.fired', { count: 3 })
    await done(second, '@a')
    const runs = await runsOf(second)
    expect(runs.map(({ outcome }) => outcome)).toEqual(['fired', 'fired', 'fired'])
    expect(runs[0]).toMatchObject({ id: ID, delivery: { id: ID, outcome: 'completed' } })
    expect(asked(place.model).toSorted()).toEqual(
      ['reply: hi', 'reply: planned', 'reply: fired', 'reply: fired'].toSorted(),
    )
    const { failures, fires } = await second.ops().trigger.get({ trigger: 't' })
    expect({ failures, fires }).toEqual({ failures: 0, fires: 3 })
  })
})

describe('what fell due while no daemon ran', () => {
  it.each(['alive', 'dead'] as const)(
    'is acted on once, whatever the lane looked like before; App Server %s',
    async (server) => {
      await using place = await makePlace()
      let id = ''
      let pid = 0
      let rollout = ''
      {
        await using first = place.start()
        const lane = await first.ops().new({ name: 'a', text: 'gate: g' })
        await place.model.waitForGate('g')
        id = (await add(first, { lane: '@a', seconds: 3_600 })).id
        pid = first.codexPid()
        rollout = first.store.lanes.get(lane.id)?.rolloutPath ?? ''
      }
      // The turn ends while nobody is there, so that the lane looks busy to whoever comes.
      if (server === 'dead') process.kill(pid, 'SIGKILL')
      place.model.open('g')
      const isEnded = (): boolean => readFileSync(rollout, 'utf8').includes('task_complete')
      if (server === 'alive') await expect.poll(isEnded, { timeout: 10_000 }).toBe(true)
      const due = Date.now() - 1_000
      meanwhile(place, (store) => {
        expect(store.lanes.open()).toMatchObject([{ activeTurnId: expect.any(String) }])
        const times = { armedAt: due - 7_200_000, nextAt: due - 3_600_000 }
        store.triggers.update(id, { ...times, scheduledAt: times.nextAt })
      })
      await using second = place.start()
      await nth(second, 'trigger.fired')
      await done(second, '@a')
      expect(await runsOf(second)).toMatchObject([
        { outcome: 'missed', reason: 'not_running' },
        { outcome: 'fired', delivery: { state: 'accepted', outcome: 'completed' } },
      ])
      expect(asked(place.model)).toEqual(['gate: g', 'reply: fired'])
    },
  )
})

describe('a guard', () => {
  it('against repetition goes by what the lane has seen, across restarts', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'reply: hi', wait: true })
      await add(first, { lane: '@a', seconds: 3_600, dedupe: true })
      await comes(first)
      await nth(first, 'trigger.fired')
      await done(first, '@a')
    }
    await using second = place.start()
    await comes(second)
    await nth(second, 'trigger.skipped')
    const [, skipped] = await runsOf(second)
    expect(skipped).toMatchObject({ outcome: 'skipped', reason: 'dedupe' })
    await second.ops().send({ lane: '@a', text: 'reply: news', wait: true })
    await comes(second)
    await nth(second, 'trigger.fired', { count: 2 })
    await done(second, '@a')
    const texts = ['reply: hi', 'reply: fired', 'reply: news', 'reply: fired']
    expect(asked(place.model)).toEqual(texts)
  })
})
