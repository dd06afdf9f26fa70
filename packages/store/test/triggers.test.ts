import BetterSqlite from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { migrations } from '../src/database/migrations.ts'
import { openDatabase } from '../src/database/open.ts'
import { triggerSeconds } from '../src/database/steps/trigger-seconds.ts'
import { openStore, type TriggerRow, type TriggerRunRow } from '../src/index.ts'
import { FIRST_RUN, type RunPlace } from '../src/triggers/trigger-runs.ts'
import { deliveryRow, triggerRow, triggerRunRow } from '../src/testing/rows.ts'
import { insertLane, makeTempFolder, makeTempStore } from './temp-store.ts'

const trigger = (id: string, part: Partial<TriggerRow> = {}): TriggerRow =>
  triggerRow(id, { laneId: 't', ...part })

const run = (id: string, part: Partial<TriggerRunRow> = {}): TriggerRunRow =>
  triggerRunRow(id, 'a', {
    key: id,
    outcome: 'planned',
    text: 'hi',
    firedAt: null,
    laneId: 't',
    ...part,
  })

describe('triggers', () => {
  it('come back as they were put in, and are found by what they go by', () => {
    using temp = makeTempStore()
    const { triggers } = temp.store
    insertLane(temp.store, 't')
    triggers.insert(trigger('a', { nextAt: 20, scheduledAt: 20 }))
    triggers.insert(trigger('b', { nextAt: 10, scheduledAt: 10, name: 'n' }))
    triggers.insert(trigger('c', { sourceId: 't', kind: 'idle_for', laneId: null, name: 'n' }))
    triggers.insert(trigger('d', { sourceId: 't', kind: 'turn_completed', state: 'paused' }))
    expect(triggers.get('a')).toEqual(trigger('a', { nextAt: 20, scheduledAt: 20 }))
    expect(triggers.due(15, 9).map(({ id }) => id)).toEqual(['b'])
    expect(triggers.due(20, 9).map(({ id }) => id)).toEqual(['b', 'a'])
    expect(triggers.upcoming(1).map(({ id }) => id)).toEqual(['b'])
    expect(triggers.nextDue()).toBe(10)
    expect(triggers.byName('n', 9).map(({ id }) => id)).toEqual(['b', 'c'])
    expect(triggers.byIdPrefix('a', 2)).toHaveLength(1)
    expect(triggers.ofSource('t').map(({ id }) => id)).toEqual(['c'])
    expect(triggers.ofLane('t').map(({ id }) => id)).toEqual(['a', 'b'])
    expect(triggers.resting().map(({ id }) => id)).toEqual(['c'])
    const page = { laneId: 't', state: null, limit: 2, after: 'a' }
    expect(triggers.list(page).map(({ id }) => id)).toEqual(['b', 'd'])
    expect(triggers.counts()).toEqual({ active: 3, paused: 1, disabled: 0, done: 0 })
    expect(triggers.update('a', { state: 'disabled', nextAt: null, reason: 'why' })).toBe(true)
    expect(triggers.counts()).toMatchObject({ active: 2, disabled: 1 })
    expect(triggers.nextDue()).toBe(10)
    // It is looked at to be ended, and does not fire.
    triggers.insert(trigger('e', { kind: 'turn_completed', nextAt: 5 }))
    expect(triggers.nextDue()).toBe(5)
    expect(triggers.upcoming(1).map(({ id }) => id)).toEqual(['b'])
  })

  it('have an occurrence once under its key, and take theirs with them', () => {
    using temp = makeTempStore()
    const { triggers, triggerRuns } = temp.store
    insertLane(temp.store, 't')
    triggers.insert(trigger('a'))
    triggers.insert(trigger('b'))
    expect(triggerRuns.insert(run('1', { key: 'k', chain: ['x'] }))).toBe(true)
    expect(triggerRuns.insert(run('2', { key: 'k' }))).toBe(false)
    expect(triggerRuns.insert(run('3', { key: 'k', triggerId: 'b' }))).toBe(true)
    expect(triggerRuns.byKey('a', 'k')).toEqual({
      ...run('1', { key: 'k', chain: ['x'] }),
      seq: 1,
      putAwayAt: null,
    })
    expect(triggerRuns.planned().map(({ id }) => id)).toEqual(['1', '3'])
    triggerRuns.update('1', { outcome: 'fired', firedAt: 5, seenTurnId: 'u' })
    expect(triggerRuns.lastFired('a')).toMatchObject({ id: '1', firedAt: 5, seenTurnId: 'u' })
    expect(triggerRuns.lastFired('b')).toBeNull()
    const all = { triggerId: null, outcome: null, limit: 9, before: null }
    expect(triggerRuns.list(all).map(({ id }) => id)).toEqual(['3', '1'])
    expect(triggerRuns.list({ ...all, outcome: 'fired' }).map(({ id }) => id)).toEqual(['1'])
    expect(triggerRuns.list({ ...all, triggerId: 'b', before: 2 })).toEqual([])
    // What waits to be acted on stays, and the last that fired.
    expect(triggerRuns.prune({ olderThan: 2, slice: 9, after: FIRST_RUN }).deleted).toBe(0)
    triggerRuns.insert(run('4', { outcome: 'fired' }))
    expect(triggerRuns.prune({ olderThan: 2, slice: 9, after: FIRST_RUN }).deleted).toBe(1)
    expect(triggerRuns.list(all).map(({ id }) => id)).toEqual(['4', '3'])
    triggers.delete('b')
    expect(triggerRuns.list(all).map(({ id }) => id)).toEqual(['4'])
    expect(triggers.get('b')).toBeNull()
  })

  it('keep the occurrences that the next one goes by', () => {
    using temp = makeTempStore()
    const { deliveries, lanes, triggers, triggerRuns } = temp.store
    insertLane(temp.store, 't')
    lanes.update('t', { latestTurnId: 'u2' })
    triggers.insert(trigger('a', { kind: 'idle_for', sourceId: 't' }))
    for (const [id, turnId] of [
      ['old', 'u1'],
      ['latest', 'u2'],
    ] as const) {
      deliveries.insert(deliveryRow(id, 't', { state: 'accepted', turnId }))
      triggerRuns.insert(run(id, { outcome: 'fired' }))
    }
    const rested = { cause: 'idle', outcome: 'skipped' } as const
    triggerRuns.insert(run('before', { ...rested, key: 'idle:u1:5' }))
    triggerRuns.insert(run('now', { ...rested, key: 'idle:u2:9' }))
    triggerRuns.insert(run('last', { outcome: 'fired' }))
    expect(triggerRuns.prune({ olderThan: 2, slice: 9, after: FIRST_RUN }).deleted).toBe(2)
    const all = { triggerId: null, outcome: null, limit: 9, before: null }
    expect(triggerRuns.list(all).map(({ id }) => id)).toEqual(['last', 'now', 'latest'])
  })

  it('are looked at once in a pass, whatever is kept of them', () => {
    using temp = makeTempStore()
    const { triggers, triggerRuns } = temp.store
    insertLane(temp.store, 't')
    const kept = ['a', 'b', 'c', 'd', 'e']
    for (const id of kept) {
      triggers.insert(trigger(id))
      triggerRuns.insert(run(`last-of-${id}`, { triggerId: id, outcome: 'fired', createdAt: 7 }))
    }
    // Taken up earlier although it comes later, as where a clock goes back, and one that is too young.
    triggerRuns.insert(run('early', { outcome: 'skipped', createdAt: 3 }))
    triggerRuns.insert(run('late', { outcome: 'skipped', createdAt: 8 }))
    triggerRuns.insert(run('young', { outcome: 'skipped', createdAt: 9 }))
    const slices: unknown[] = []
    let after: RunPlace | null = FIRST_RUN
    while (after !== null) {
      const { deleted, next } = triggerRuns.prune({ olderThan: 9, slice: 2, after })
      slices.push([deleted, next])
      after = next
    }
    expect(slices).toEqual([
      [1, { at: 7, seq: 1 }],
      [0, { at: 7, seq: 3 }],
      [0, { at: 7, seq: 5 }],
      [1, null],
    ])
    const all = { triggerId: null, outcome: null, limit: 9, before: null }
    expect(triggerRuns.list(all).map(({ id }) => id)).toEqual([
      'young',
      ...kept.map((id) => `last-of-${id}`).toReversed(),
    ])
  })

  it('leave the lanes that they made to be put away, once', () => {
    using temp = makeTempStore()
    const { lanes, triggers, triggerRuns } = temp.store
    for (const id of ['old', 'live', 'away', 'mine']) insertLane(temp.store, id)
    lanes.update('old', { archivedAt: 1 })
    triggers.insert(trigger('a', { laneId: null, action: 'new' }))
    const callOf = (id: string): string => lanes.get(id)?.callId ?? ''
    const fired = { mode: 'new', outcome: 'fired' } as const
    for (const id of ['old', 'live', 'away']) triggerRuns.insert(run(callOf(id), fired))
    triggerRuns.insert(run('coming', { mode: 'new' }))
    // Archived, by whomever, and had back.
    lanes.update('away', { archivedAt: 5 })
    lanes.update('away', { archivedAt: null })
    expect(triggerRuns.get(callOf('away'))?.putAwayAt).toBe(5)
    expect(triggerRuns.madeLanes()).toEqual(['live'])
    expect(triggers.thin({ id: 'a', after: 0, size: 4 })).toBe(4)
    triggers.delete('a')
    expect(triggerRuns.madeLanes()).toEqual(['live'])
    const isToGo = ['old', 'live', 'away', 'mine'].map((id) => triggerRuns.isToPutAway(callOf(id)))
    expect(isToGo).toEqual([false, true, false, false])
    expect(triggerRuns.isToPutAway('coming')).toBe(true)
    lanes.update('live', { archivedAt: 6 })
    lanes.update('live', { archivedAt: null })
    expect(triggerRuns.isToPutAway(callOf('live'))).toBe(false)
    expect(triggerRuns.madeLanes()).toEqual([])
  })

  it('leave what led to their messages for as long as these are under way', () => {
    using temp = makeTempStore()
    const { deliveries, lanes, triggers, triggerRuns } = temp.store
    insertLane(temp.store, 't')
    lanes.update('t', { latestTurnId: 'u2' })
    triggers.insert(trigger('a'))
    for (const [id, part] of [
      ['waits', { state: 'queued' }],
      ['newest', { state: 'accepted', turnId: 'u2' }],
      ['old', { state: 'accepted', turnId: 'u1' }],
      ['refused', { state: 'failed' }],
    ] as const) {
      deliveries.insert(deliveryRow(id, 't', part))
      triggerRuns.insert(run(id, { outcome: 'fired', chain: ['x'] }))
    }
    deliveries.insert(deliveryRow('again', 't', { state: 'submitting', retryOf: 'refused' }))
    triggerRuns.insert(run('coming'))
    const ids = ['waits', 'newest', 'old', 'refused', 'coming', 'none']
    const chains = () => ids.map((id) => triggerRuns.chainTo(id).join())
    expect(chains()).toEqual(['x,a', 'x,a', 'x,a', 'x,a', 'a', ''])
    expect(triggers.thin({ id: 'a', after: 0, size: 5 })).toBe(5)
    expect(triggers.thin({ id: 'a', after: 5, size: 5 })).toBeNull()
    expect(chains()).toEqual(['x,a', 'x,a', '', 'x,a', 'a', ''])
    triggers.delete('a')
    expect(chains()).toEqual(['x,a', 'x,a', '', 'x,a', 'a', ''])
    deliveries.update('waits', { state: 'cancelled' })
    deliveries.update('again', { state: 'failed' })
    expect(triggerRuns.prune({ olderThan: 1, slice: 9, after: FIRST_RUN }).deleted).toBe(0)
    expect(triggerRuns.prune({ olderThan: 2, slice: 9, after: FIRST_RUN }).deleted).toBe(3)
    expect(chains()).toEqual(['', 'x,a', '', '', '', ''])
    lanes.update('t', { latestTurnId: 'u3' })
    expect(triggerRuns.prune({ olderThan: 2, slice: 9, after: FIRST_RUN }).deleted).toBe(1)
  })

  it('go with their lane', () => {
    using temp = makeTempStore()
    const { store } = temp
    insertLane(store, 't')
    store.triggers.insert(trigger('a'))
    store.triggerRuns.insert(run('1'))
    expect(store.forgetting.dependents('t')).toMatchObject({ triggers: 1, triggerRuns: 1 })
    expect(store.triggers.counts().active).toBe(1)
    store.transaction(() => store.forgetting.forget('t'))
    expect(store.triggers.get('a')).toBeNull()
    expect(store.triggers.counts().active).toBe(0)
  })

  it('are asked for along an index wherever the scheduler asks', () => {
    const prepare = vi.spyOn(BetterSqlite.prototype, 'prepare')
    using temp = makeTempStore()
    const { lanes, triggers, triggerRuns } = temp.store
    prepare.mockClear()
    triggers.due(1, 1)
    triggers.nextDue()
    triggers.upcoming(1)
    triggers.ofSource('t')
    triggers.ofLane('t')
    triggers.list({ laneId: 't', state: null, limit: 1, after: 'a' })
    triggers.list({ laneId: null, state: 'disabled', limit: 1, after: null })
    triggerRuns.planned()
    triggerRuns.lastFired('a')
    triggerRuns.madeLanes()
    triggerRuns.isToPutAway('a')
    triggerRuns.chainTo('a')
    lanes.update('t', { archivedAt: 1 })
    triggers.thin({ id: 'a', after: 0, size: 1 })
    triggers.delete('a')
    triggerRuns.byKey('a', 'k')
    triggerRuns.list({ triggerId: 'a', outcome: null, limit: 1, before: null })
    triggerRuns.list({ triggerId: null, outcome: 'failed', limit: 1, before: null })
    triggerRuns.prune({ olderThan: 1, slice: 1, after: FIRST_RUN })
    const texts = prepare.mock.calls.map(([text]) => text)
    prepare.mockRestore()
    using db = { of: new BetterSqlite(temp.folder.file), [Symbol.dispose]: () => db.of.close() }
    const steps = texts.flatMap((text) => {
      const slots = text
        .split('?')
        .slice(1)
        .map(() => null)
      return db.of.prepare(`explain query plan ${text}`).all(...slots) as { detail: string }[]
    })
    const details = steps.map(({ detail }) => detail)
    // Along an index in its order, or by a search of one.
    expect(details.filter((step) => /^SCAN \S+$|TEMP B-TREE/.test(step))).toEqual([])
    expect(details.join('\n')).toContain('triggers_due')
  })
})

describe('a registry from before there was a shortest time', () => {
  it('has no trigger that fires more often than once a second', () => {
    using folder = makeTempFolder()
    const before = migrations.slice(0, migrations.indexOf(triggerSeconds))
    const { db: old } = openDatabase({ file: folder.file, migrations: before })
    const insert = old.prepare(`insert into triggers
      (id, name, kind, action, text, spec, state, createdAt, updatedAt, armedAt, armedSeq, fires, failures)
      values (?, ?, 'interval', 'send', 'hi', ?, 'active', 1, 1, 1, 0, 0, 0)`)
    const { spec } = trigger('a')
    const times = { flood: 1, slow: 5_500, event: null }
    for (const [id, everyMs] of Object.entries(times)) {
      insert.run(id, id, JSON.stringify({ ...spec, everyMs }))
    }
    old.close()
    using store = openStore({ file: folder.file })
    expect(store.triggers.get('flood')?.spec).toEqual({ ...spec, everyMs: 1_000 })
    expect(store.triggers.get('slow')?.spec.everyMs).toBe(5_500)
    expect(store.triggers.get('event')?.spec.everyMs).toBeNull()
  })
})
