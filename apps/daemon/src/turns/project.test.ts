import type { LaneRow, TurnRow } from '@dispatch/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endedFact, itemDone, itemFact, laneRow, startedFact, turnFact } from '../../test/bench.ts'
import type { Fact } from '../codex/fact.ts'
import { type Happened, project, type ProjectionState } from './project.ts'
import { isJudgedCut } from './cut.ts'

const state = (lane: Partial<LaneRow> = {}, part: Partial<ProjectionState> = {}) => ({
  lane: laneRow('t', lane),
  turn: null,
  goal: null,
  lastMessage: null,
  itemDone: false,
  at: 9_000,
  freeHandle: '@t',
  cut: false,
  asking: false,
  ...part,
})

const stored = (id: string, part: Partial<TurnRow> = {}): TurnRow => ({
  threadId: 't',
  id,
  status: 'started',
  startedAt: 500,
  completedAt: null,
  durationMs: null,
  error: null,
  errorAt: null,
  reason: null,
  deliveryId: 'd',
  ...part,
})

const running: Partial<LaneRow> = { activeTurnId: 'u2', latestTurnId: 'u2', status: 'busy' }
const typesOf = (events: Happened[]) => events.map(({ type }) => type)

describe('the start of a turn', () => {
  it('makes the lane busy', () => {
    const { lane, turn, events } = project(state(), startedFact('t', 'u1'))
    expect(lane).toEqual({ activeTurnId: 'u1', latestTurnId: 'u1', status: 'busy', stalled: false })
    expect(turn).toMatchObject({ threadId: 't', id: 'u1', status: 'started', startedAt: 1_000 })
    expect(events).toEqual([
      { type: 'turn.started', key: 'u1', data: { turnId: 'u1' } },
      { type: 'lane.status-changed', key: null, data: { from: 'idle', to: 'busy' } },
    ])
  })

  it('keeps what is known of the turn, and says nothing of a status that stays', () => {
    const before = state(running, { turn: stored('u2') })
    const { turn, events } = project(before, startedFact('t', 'u2'))
    expect(turn).toMatchObject({ startedAt: 500, deliveryId: 'd' })
    expect(typesOf(events)).toEqual(['turn.started'])
  })

  it('does nothing after the end', () => {
    const before = state({}, { turn: stored('u1', { status: 'failed' }) })
    expect(project(before, startedFact('t', 'u1'))).toMatchObject({ lane: {}, events: [] })
  })

  it('is recorded without touching the lane where history tells it of a turn that has ended', () => {
    const fact: Fact = {
      kind: 'turn-started',
      threadId: 't',
      turn: turnFact('u1', { status: 'completed' }),
    }
    const { lane, turn, events } = project(state(running), fact)
    expect(lane).toEqual({})
    expect(turn).toMatchObject({ id: 'u1', status: 'started', completedAt: null })
    expect(typesOf(events)).toEqual(['turn.started'])
  })
})

describe('the end of a turn', () => {
  it.each([
    ['completed', 'idle', false],
    ['failed', 'error', true],
    ['interrupted', 'idle', true],
  ] as const)('%s: the lane is %s', (status, laneStatus, held) => {
    const before = state(running, { turn: stored('u2'), lastMessage: 'bye' })
    const { lane, turn, events } = project(before, endedFact('t', 'u2', { status }))
    expect(lane).toMatchObject({ activeTurnId: null, status: laneStatus, held, stalled: false })
    expect(lane.lastMessage).toBe(status === 'completed' ? 'bye' : undefined)
    expect(turn).toMatchObject({
      status,
      startedAt: 500,
      completedAt: 3_000,
      errorAt: status === 'failed' ? 3_000 : null,
      reason: null,
      deliveryId: 'd',
    })
    expect(events[0]).toMatchObject({
      type: `turn.${status}`,
      key: 'u2',
      data: { turnId: 'u2', lastMessage: status === 'completed' ? 'bye' : null },
    })
    expect(events[0]?.data).not.toHaveProperty('reason')
  })

  it('lifts the hold when it completed', () => {
    const before = state({ ...running, held: true })
    expect(project(before, endedFact('t', 'u2')).lane.held).toBe(false)
  })

  it.each([true, false])('leaves the hold as it was where the server was lost (%s)', (held) => {
    const before = state({ ...running, held }, { cut: true })
    const fact = endedFact('t', 'u2', { status: 'interrupted', completedAt: null })
    const { lane, events } = project(before, fact)
    expect({ held, ...lane }).toMatchObject({
      held,
      status: 'idle',
      activeTurnId: null,
      stalled: false,
    })
    expect(events[0]?.data).toMatchObject({ reason: 'app-server lost' })
  })

  it('takes the place of an end that was judged, and no other end does', () => {
    const lane = { ...running, activeTurnId: null, latestTurnId: 'u2', status: 'idle' } as const
    const cut = project(
      state(running, { cut: true }),
      endedFact('t', 'u2', { status: 'interrupted', completedAt: null }),
    )
    const judged = { turn: cut.turn, lastMessage: 'bye' }
    const { turn, events, lane: after } = project(state(lane, judged), endedFact('t', 'u2'))
    expect(turn).toMatchObject({ status: 'completed', reason: null })
    expect(after).toMatchObject({ status: 'idle', held: false, lastMessage: 'bye' })
    expect(typesOf(events)).toEqual(['turn.completed'])
    const again = endedFact('t', 'u2', { status: 'failed' })
    expect(project(state(lane, { turn }), again).events).toEqual([])
    const untold = endedFact('t', 'u2', { status: 'interrupted', completedAt: null })
    expect(project(state(lane, { ...judged, cut: true }), untold).events).toEqual([])
  })

  it('is a stop by a person where history gives its time, though nobody listened', () => {
    const before = state(running, { cut: true })
    const { lane, events } = project(before, endedFact('t', 'u2', { status: 'interrupted' }))
    expect(lane.held).toBe(true)
    expect(events[0]?.data).not.toHaveProperty('reason')
  })

  it('counts as an interruption where Codex reports an end that is none', () => {
    const { turn } = project(state(running), endedFact('t', 'u2', { status: 'started' }))
    expect(turn).toMatchObject({ status: 'interrupted', completedAt: 3_000 })
  })

  it('changes no status when another turn is active, and keeps its message', () => {
    const before = state(running, { lastMessage: 'old' })
    const { lane, turn, events } = project(before, endedFact('t', 'u1', { status: 'completed' }))
    expect(lane).toEqual({ lastMessage: 'old' })
    expect(turn).toMatchObject({ id: 'u1', status: 'completed' })
    expect(typesOf(events)).toEqual(['turn.completed'])
  })

  it('changes nothing of the lane when a later turn has ended already', () => {
    const lane = { latestTurnId: 'u2', lastMessage: 'new', held: true }
    const projection = project(state(lane, { lastMessage: 'old' }), endedFact('t', 'u1'))
    expect(projection.lane).toEqual({})
    expect(typesOf(projection.events)).toEqual(['turn.completed'])
  })

  it('counts where the start was missed', () => {
    const { lane } = project(state({ latestTurnId: 'u1' }), endedFact('t', 'u2'))
    expect(lane).toMatchObject({ latestTurnId: 'u2', status: 'idle' })
  })
})

describe('a lane on which a person is asked', () => {
  it('keeps waiting, whatever its turns do', () => {
    const waiting: Partial<LaneRow> = { ...running, status: 'waiting_approval' }
    const asking = { asking: true }
    const begun = project(state({ status: 'waiting_approval' }, asking), startedFact('t', 'u1'))
    expect(begun.lane).toMatchObject({ activeTurnId: 'u1', status: 'waiting_approval' })
    expect(typesOf(begun.events)).toEqual(['turn.started'])
    const over = project(state(waiting, asking), endedFact('t', 'u2'))
    expect(over.lane).toMatchObject({ activeTurnId: null, status: 'waiting_approval' })
    expect(typesOf(over.events)).toEqual(['turn.completed'])
  })

  it('and that others drive, stands as Codex says it does', () => {
    const standing = (part: Partial<LaneRow>, to: 'busy' | 'waiting_approval' | 'not-loaded') =>
      project(state(part), { kind: 'standing', threadId: 't', standing: to })
    expect(standing({ source: 'attached' }, 'waiting_approval')).toMatchObject({
      lane: { status: 'waiting_approval' },
      events: [{ type: 'lane.status-changed', data: { from: 'idle', to: 'waiting_approval' } }],
    })
    expect(standing({ source: 'attached', status: 'busy' }, 'busy').events).toEqual([])
    expect(standing({ source: 'attached', status: 'busy' }, 'not-loaded').lane).toEqual({})
    expect(standing({ source: 'attached', archivedAt: 5 }, 'busy').lane).toEqual({})
    expect(standing({ source: 'own' }, 'waiting_approval').lane).toEqual({})
  })
})

describe('an archived lane', () => {
  const archived: Partial<LaneRow> = { status: 'archived', archivedAt: 5 }

  it.each([
    ['a start', startedFact('t', 'u9')],
    ['an end', endedFact('t', 'u9', { status: 'failed' })],
  ])('stays archived at %s that comes late', (_name, fact) => {
    const { lane } = project(state(archived), fact)
    expect({ ...archived, activeTurnId: null, ...lane }).toMatchObject({
      ...archived,
      activeTurnId: null,
    })
  })

  it('has no active turn', () => {
    const { lane, events } = project(state(running), { kind: 'archived', threadId: 't' })
    expect(lane).toEqual({
      status: 'archived',
      archivedAt: 9_000,
      activeTurnId: null,
      stalled: false,
    })
    expect(typesOf(events)).toEqual(['lane.archived'])
    expect(project(state(archived), { kind: 'archived', threadId: 't' }).events).toEqual([])
  })
})

describe('items and the rest', () => {
  it('keys items by turn and item, and stores those that completed', () => {
    const done = project(state(), itemDone('t', 'u1', itemFact('i')))
    expect(done.item).toMatchObject({ threadId: 't', turnId: 'u1', id: 'i', text: 'text of i' })
    expect(done.events).toMatchObject([
      {
        type: 'item.completed',
        key: 'u1/i',
        data: {
          turnId: 'u1',
          startedAt: '1970-01-01T00:00:01.000Z',
          completedAt: '1970-01-01T00:00:02.000Z',
        },
      },
    ])
    const item = itemFact('i', { completedAt: null })
    const begun = project(state(), { kind: 'item-started', threadId: 't', turnId: 'u1', item })
    expect(begun.item).toBeNull()
    expect(begun.events).toMatchObject([{ type: 'item.started', key: 'u1/i' }])
  })

  it('starts no item that is complete, nor one of a turn that has ended', () => {
    const fact: Fact = { kind: 'item-started', threadId: 't', turnId: 'u1', item: itemFact('i') }
    expect(project(state({}, { itemDone: true }), fact).events).toEqual([])
    const turn = stored('u1', { status: 'completed' })
    expect(project(state({}, { turn }), fact).events).toEqual([])
    // What history brings late of a turn that has ended is told.
    expect(
      typesOf(project(state({}, { turn }), itemDone('t', 'u1', itemFact('i'))).events),
    ).toEqual(['item.completed'])
  })

  it('reports a title that is new', () => {
    const renamed = (title: string): Fact => ({ kind: 'renamed', threadId: 't', title })
    expect(project(state(), renamed('x'))).toMatchObject({
      lane: { title: 'x' },
      events: [{ type: 'lane.renamed', data: { from: 't', to: 'x' } }],
    })
    expect(project(state(), renamed('t')).events).toEqual([])
  })

  it('keeps usage, and nothing of deltas and unloading', () => {
    const usage = {
      totalTokens: 3,
      inputTokens: 1,
      cachedInputTokens: 0,
      outputTokens: 2,
      reasoningOutputTokens: 0,
      contextWindow: null,
    }
    expect(project(state(), { kind: 'usage', threadId: 't', usage })).toMatchObject({
      lane: { usage },
      events: [{ type: 'usage.updated', key: null }],
    })
    expect(project(state(), { kind: 'unloaded', threadId: 't' }).events).toEqual([])
  })
})

describe('any order of facts', () => {
  const facts = fc.array(
    fc.record({
      turn: fc.constantFrom('u1', 'u2', 'u3'),
      kind: fc.constantFrom('start', 'end', 'archived'),
      status: fc.constantFrom('completed', 'failed', 'interrupted', 'started'),
      cut: fc.boolean(),
      timed: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  type Step = typeof facts extends fc.Arbitrary<(infer One)[]> ? One : never

  const stepToFact = ({ turn, kind, status, timed }: Step): Fact => {
    if (kind === 'archived') return { kind: 'archived', threadId: 't' }
    const completedAt = timed ? 3_000 : null
    return kind === 'start' ? startedFact('t', turn) : endedFact('t', turn, { status, completedAt })
  }

  it('never reopens a turn, ends one twice that was told its end, or leaves the lane between two states', () => {
    fc.assert(
      fc.property(facts, (steps) => {
        const lane = laneRow('t')
        const turns = new Map<string, TurnRow>()
        const ends = new Map<string, string>()
        for (const step of steps) {
          const fact = stepToFact(step)
          const turn = turns.get(step.turn) ?? null
          const before = {
            lane: { ...lane },
            turn,
            goal: null,
            lastMessage: null,
            itemDone: false,
            at: 9,
            freeHandle: '@t',
            cut: step.cut,
            asking: false,
          }
          const projection = project(before, fact)
          Object.assign(lane, projection.lane)
          if (projection.turn) turns.set(projection.turn.id, projection.turn)
          for (const { type, data } of projection.events) {
            if (!/^turn\.(completed|failed|interrupted)$/.test(type)) continue
            // One that was judged cut is told its own end, once.
            const isOver = turn !== null && !isJudgedCut(turn)
            expect(ends.has(String(data.turnId)) && isOver).toBe(false)
            ends.set(String(data.turnId), type.slice(5))
          }
          for (const [id, status] of ends) expect(turns.get(id)?.status).toBe(status)
          const active = lane.activeTurnId === null ? null : turns.get(lane.activeTurnId)
          expect(active?.status ?? 'started').toBe('started')
          expect(lane.status === 'busy').toBe(lane.activeTurnId !== null)
          expect(lane.status === 'archived').toBe(lane.archivedAt !== null)
        }
      }),
    )
  })

  it('says nothing new of what is told twice', () => {
    fc.assert(
      fc.property(fc.constantFrom('completed', 'failed', 'interrupted'), (status) => {
        const end = endedFact('t', 'u1', { status })
        const first = project(state(), end)
        const after = state(first.lane, { turn: first.turn })
        expect(project(after, end)).toMatchObject({ lane: {}, turn: null, events: [] })
        expect(project(after, startedFact('t', 'u1'))).toMatchObject({ lane: {}, events: [] })
      }),
    )
  })
})
