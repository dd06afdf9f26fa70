// Each kind of finding, planted; and what is right is found to be right.
import { describe, expect, it } from 'vitest'
import type { CallRecord } from '../case/calls.ts'
import type { RolloutMessage } from './rollouts.ts'
import { type Evidence, judgeCase } from './verdict.ts'

const THREAD = 't1'

const sent = (id: string, more: Partial<CallRecord> = {}): CallRecord => ({
  at: 0,
  callId: id,
  id,
  op: 'send',
  script: 0,
  about: null,
  text: `text of ${id}`,
  mode: 'send',
  fate: 'answered',
  error: null,
  told: 'accepted',
  lane: THREAD,
  tries: 1,
  ...more,
})

const linesOf = (id: string, text = `text of ${id}`): RolloutMessage[] => [
  { as: 'sent', text, id: null },
  { as: 'completed', text, id },
]

const row = (id: string, state: string) => ({
  id,
  threadId: THREAD,
  mode: 'send',
  state,
  failure: null,
})

const made = sent('n', { op: 'new', text: null, mode: null, told: null })

type Planted = {
  calls: CallRecord[]
  states: Record<string, string>
  lines: RolloutMessage[]
  given?: string[]
  unrest?: string[]
  more?: Partial<Evidence>
}

const judge = ({ calls, states, lines, given, unrest = [], more = {} }: Planted) =>
  judgeCase({
    calls: [made, ...calls],
    registry: {
      lanes: [
        {
          threadId: THREAD,
          callId: 'n',
          parentId: null,
          status: 'idle',
          activeTurnId: null,
          held: 0,
          archivedAt: null,
        },
      ],
      deliveries: Object.entries(states).map(([id, state]) => row(id, state)),
      creating: [],
      pursuing: [],
      triggers: [],
      runs: [],
    },
    rollouts: [{ threadId: THREAD, source: 'dispatch:n', messages: lines }],
    ranTwice: [],
    given: given ? new Map([[THREAD, given]]) : new Map(),
    unrest,
    ...more,
  })

const kindsOf = (planted: Planted): string[] => judge(planted).findings.map(({ kind }) => kind)

describe('a message', () => {
  it('that is accepted and there once is right', () => {
    const right = { calls: [sent('a')], states: { a: 'accepted' }, lines: linesOf('a') }
    expect(kindsOf({ ...right, given: ['text of a', 'reply: probe'] })).toEqual([])
  })

  it('that failed and is not there is right, and one that was refused', () => {
    const refused = sent('b', { fate: 'refused', told: null, error: 'lane_busy: busy' })
    const failed = sent('a', { told: 'failed' })
    expect(kindsOf({ calls: [failed, refused], states: { a: 'failed' }, lines: [] })).toEqual([])
  })

  it('is lost: in no session file', () => {
    expect(kindsOf({ calls: [sent('a')], states: { a: 'accepted' }, lines: [] })).toEqual(['lost'])
  })

  it('is lost: never given to the model', () => {
    const planted = { calls: [sent('a')], states: { a: 'accepted' }, lines: linesOf('a') }
    expect(kindsOf({ ...planted, given: ['reply: probe'] })).toEqual(['lost'])
  })

  it('is lost: told accepted, and said to have failed later', () => {
    expect(kindsOf({ calls: [sent('a')], states: { a: 'failed' }, lines: [] })).toEqual(['lost'])
  })

  it('is lost: told queued, and there is no row', () => {
    const queued = sent('a', { mode: 'queue', told: 'queued' })
    expect(kindsOf({ calls: [queued], states: {}, lines: [] })).toEqual(['lost'])
  })

  it('of an agent is doubled: sent again for the call that Codex asked of the next daemon', () => {
    const asking = sent('a', { about: 'agent helper' })
    const said = (text: string): RolloutMessage => ({
      as: 'sent',
      text: `from @a\n\n${text}`,
      id: null,
    })
    const once = [...linesOf('a'), said('reply: helper'), said('reply: helper again')]
    const right = { calls: [asking], states: { a: 'accepted' }, lines: once }
    expect(kindsOf(right)).toEqual([])
    expect(kindsOf({ ...right, lines: [...once, said('reply: helper')] })).toEqual(['doubled'])
  })

  it.each([
    ['by its id', [...linesOf('a'), ...linesOf('a')]],
    ['by its text', [...linesOf('a'), { as: 'sent' as const, text: 'text of a', id: null }]],
  ])('is doubled: %s', (_, lines) => {
    expect(kindsOf({ calls: [sent('a')], states: { a: 'accepted' }, lines })).toEqual(['doubled'])
  })

  it('is denied: failed, or without a row, and there', () => {
    const lines = linesOf('a')
    const unheard = sent('a', { fate: 'unanswered', told: null })
    expect(kindsOf({ calls: [unheard], states: { a: 'failed' }, lines })).toEqual(['denied'])
    expect(kindsOf({ calls: [unheard], states: {}, lines })).toEqual(['denied'])
  })

  it.each(['queued', 'submitting'])('is stuck: %s in the end', (state) => {
    expect(kindsOf({ calls: [sent('a')], states: { a: state }, lines: [] })).toEqual(['stuck'])
  })

  it('is ambiguous where the session file tells', () => {
    const unheard = sent('a', { fate: 'unanswered', told: null })
    const planted = { calls: [unheard], states: { a: 'ambiguous' } }
    expect(kindsOf({ ...planted, lines: linesOf('a') })).toEqual(['ambiguous'])
    expect(kindsOf({ ...planted, lines: [] })).toEqual(['ambiguous'])
  })

  it('may be ambiguous where a twin has no id in the session file either', () => {
    const calls = ['a', 'b'].map((id) => sent(id, { text: 'same', told: 'submitting' }))
    const lines = [{ as: 'sent' as const, text: 'same', id: null }]
    const { findings, tally } = judge({ calls, states: { a: 'ambiguous', b: 'ambiguous' }, lines })
    expect(findings).toEqual([])
    expect(tally).toMatchObject({ ambiguous: 2, expectedAmbiguous: 2 })
  })
})

it('counts equal texts together', () => {
  const calls = ['a', 'b'].map((id) => sent(id, { text: 'same' }))
  const states = { a: 'accepted', b: 'accepted' }
  const twice = [...linesOf('a', 'same'), ...linesOf('b', 'same')]
  expect(kindsOf({ calls, states, lines: twice })).toEqual([])
  expect(kindsOf({ calls, states, lines: linesOf('a', 'same') })).toContain('lost')
  expect(kindsOf({ calls, states: { a: 'accepted', b: 'failed' }, lines: twice })).toContain(
    'denied',
  )
})

it('sees context by its own id', () => {
  const calls = [sent('a', { mode: 'context' })]
  const lines = [{ as: 'sent' as const, text: 'text of a', id: 'a' }]
  expect(kindsOf({ calls, states: { a: 'accepted' }, lines })).toEqual([])
  expect(kindsOf({ calls, states: { a: 'failed' }, lines })).toEqual(['lost', 'denied'])
})

it('sees a queue out of order', () => {
  const calls = ['a', 'b'].map((id) => sent(id, { mode: 'queue', told: 'queued' }))
  const states = { a: 'accepted', b: 'accepted' }
  const lines = [...linesOf('b'), ...linesOf('a')]
  expect(kindsOf({ calls, states, lines })).toEqual(['order'])
})

it('takes nothing for out of order where one of two equal texts failed', () => {
  const ids = ['a', 'b', 'c']
  const textOf = (id: string) => (id === 'c' ? 'text of a' : `text of ${id}`)
  const calls = ids.map((id) => sent(id, { mode: 'queue', told: 'queued', text: textOf(id) }))
  const states = { a: 'failed', b: 'accepted', c: 'accepted' }
  const lines = [...linesOf('b'), ...linesOf('c', 'text of a')]
  expect(kindsOf({ calls, states, lines })).toEqual([])
})

it('sees a thread of ours without a lane, two of one call, and a lane that is not there', () => {
  const one = { threadId: 'x', source: 'dispatch:z', messages: [] }
  const planted = { calls: [], states: {}, lines: [] }
  expect(kindsOf({ ...planted, more: { rollouts: [one] } })).toEqual(['orphan'])
  const two = ['x', 'y'].map((threadId) => ({ ...one, threadId }))
  expect(kindsOf({ ...planted, more: { rollouts: two } })).toEqual(['doubled', 'orphan', 'orphan'])
  const registry = {
    lanes: [],
    deliveries: [],
    creating: [],
    pursuing: [],
    triggers: [],
    runs: [],
  }
  expect(kindsOf({ ...planted, more: { registry, rollouts: [] } })).toEqual(['lost'])
})

it('sees a trigger that was taken and has no occurrence, and one without an answer', () => {
  const added = sent('g', { op: 'trigger.add', text: null, mode: null, told: null })
  const trigger = { id: 'g', text: 'x', state: 'done', kind: 'at' }
  const run = {
    id: 'r',
    triggerId: 'g',
    key: 'time:1',
    mode: 'send',
    outcome: 'fired',
    laneId: THREAD,
  }
  const planted = (triggers: (typeof trigger)[], runs: (typeof run)[]) => ({
    calls: [added],
    states: {},
    lines: [],
    more: {
      registry: { lanes: [], deliveries: [], creating: [], pursuing: [], triggers, runs },
      rollouts: [],
    },
  })
  const found = (triggers: (typeof trigger)[], runs: (typeof run)[]) =>
    kindsOf(planted(triggers, runs)).filter((kind) => kind !== 'lost').length +
    judge(planted(triggers, runs)).findings.filter(({ what }) => what.startsWith('trigger')).length
  expect(found([trigger], [run])).toBe(0)
  expect(found([trigger], [])).toBe(1)
  expect(found([], [])).toBe(1)
  const twice = judge(planted([trigger], [run, { ...run, id: 'q' }])).findings
  expect(twice.map(({ kind }) => kind)).toContain('doubled')
})

it('sees a trigger that was removed and is there, and one set off that did nothing, or twice the same', () => {
  const run = {
    id: 'r',
    triggerId: 'g',
    key: 'time:1',
    mode: 'send',
    outcome: 'skipped',
    laneId: THREAD,
  }
  const trigger = { id: 'g', text: 'x', state: 'active', kind: 'interval' }
  const planted = (op: string, runs: (typeof run)[], triggers = [trigger]): string[] => {
    const added = sent('g', { op: 'trigger.add', text: null, mode: null, told: null })
    const call = sent('c', { op, about: 'g', text: null, mode: null, told: null })
    const registry = { lanes: [], deliveries: [], creating: [], pursuing: [], triggers, runs }
    const more = { registry, rollouts: [] }
    const { findings } = judge({ calls: [added, call], states: {}, lines: [], more })
    return findings.filter(({ what }) => what.startsWith('trigger')).map(({ kind }) => kind)
  }
  const manual = { ...run, id: 'q', key: 'manual:c' }
  expect(planted('trigger.run', [run, manual])).toEqual([])
  expect(planted('trigger.run', [run])).toEqual(['lost'])
  expect(planted('trigger.run', [run, { ...run, id: 's' }, manual])).toEqual(['doubled'])
  expect(planted('trigger.rm', [], [])).toEqual([])
  expect(planted('trigger.rm', [run])).toEqual(['denied'])
  expect(planted('trigger.rm', [run], [])).toEqual(['denied'])
})

it('sees a command that ran twice', () => {
  const planted = { calls: [], states: {}, lines: [], more: { ranTwice: ['c1s0m1.ran'] } }
  expect(kindsOf(planted)).toEqual(['doubled'])
})

it('passes on what did not come to rest, and errors that are no answers', () => {
  const broken = sent('a', { fate: 'refused', told: null, error: 'internal: oh' })
  const planted = { calls: [broken], states: {}, lines: [], unrest: ['lane t1 is busy'] }
  expect(kindsOf(planted)).toEqual(['fault', 'stuck'])
})
