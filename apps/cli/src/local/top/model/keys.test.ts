// The reducer: what keys come to, and what happens to a state meanwhile.
import { describe, expect, test } from 'vitest'
import { detail, item, lane, request, stateOf, trigger, waiting } from '../testing/samples.ts'
import { changed, type Change } from './change.ts'
import type { Effect } from './effect.ts'
import { type Input, press } from './keys.ts'
import { selectedRow } from './rows.ts'
import type { TopState } from './state.ts'

const three = stateOf([lane('c'), lane('b'), lane('a')])

const full = [
  { kind: 'requests', requests: [request('r1', 'a'), request('r2', 'b')] },
  {
    kind: 'queue',
    waiting: [waiting('m1', 'a'), waiting('m2', 'b', { hold: 'person' })],
    total: 2,
  },
  { kind: 'triggers', triggers: [trigger('t', 'a')] },
] satisfies Change[]

const everything = full.reduce<TopState>(changed, three)

type Played = { state: TopState; effects: Effect[] }

// Words are keys by name; what is in quotes was typed.
const play = (state: TopState, ...keys: string[]): Played =>
  keys.reduce<Played>(
    (at, key) => {
      const input: Input = key.startsWith('"') ? { typed: key.slice(1) } : { key }
      const step = press(at.state, input)
      return { state: step.state, effects: [...at.effects, ...step.effects] }
    },
    { state, effects: [] },
  )

const handleAt = (state: TopState): string | undefined => selectedRow(state, 'lanes')?.handle

describe('going about a list', () => {
  test('keys move within it', () => {
    expect(handleAt(three)).toBe('@c')
    expect(handleAt(play(three, 'down', 'j').state)).toBe('@a')
    expect(handleAt(play(three, 'down', 'down', 'down', 'up').state)).toBe('@b')
    expect(handleAt(play(three, 'G').state)).toBe('@a')
    expect(handleAt(play(three, 'G', 'home').state)).toBe('@c')
  })

  test('what is meant stays meant when the order changes, and what is next when it goes', () => {
    const { state } = play(three, 'down')
    const reordered = changed(state, {
      kind: 'some-lanes',
      lanes: [lane('a', { status: 'waiting_approval' })],
      gone: [],
    })
    expect(handleAt(reordered)).toBe('@b')
    const gone = changed(reordered, { kind: 'some-lanes', lanes: [], gone: ['id-b'] })
    expect(handleAt(gone)).toBe('@c')
  })

  test('a filter narrows it, as it is typed; Esc takes it back', () => {
    const typing = play(three, '/', '"b').state
    expect(handleAt(typing)).toBe('@b')
    expect(play(typing, 'escape').state).toMatchObject({ filter: '', prompt: null })
    const kept = play(typing, 'enter').state
    expect(kept).toMatchObject({ filter: 'b', prompt: null })
    expect(play(kept, 'escape').state.filter).toBe('')
  })

  test('lists are shown by number and by Tab', () => {
    expect(play(three, '3').state.view).toBe('queue')
    expect(play(three, 'tab', 'tab').state.view).toBe('queue')
    expect(play(three, 'shift+tab').state.view).toBe('triggers')
  })
})

describe('a lane', () => {
  test('is opened and left', () => {
    const opened = play(three, 'down', 'enter')
    expect(opened.effects).toEqual([{ do: 'follow', laneId: 'id-b' }])
    expect(opened.state.open?.id).toBe('id-b')
    const left = play(opened.state, 'escape')
    expect(left.effects).toEqual([{ do: 'follow', laneId: null }])
    expect(left.state.open).toBeNull()
  })

  test('shows what comes for it alone, and what streams until it is complete', () => {
    const { state } = play(three, 'enter')
    const live = { id: 'i', type: 'message', text: 'Hel' }
    const streaming = [
      { kind: 'detail', detail: detail('c') },
      { kind: 'live', laneId: 'id-c', live },
      { kind: 'live', laneId: 'id-c', live: { ...live, text: 'lo' } },
      { kind: 'item', laneId: 'id-other', item: item('x', 'other') },
    ] satisfies Change[]
    const seen = streaming.reduce<TopState>(changed, state)
    expect(seen.open).toMatchObject({ items: [], live: [{ id: 'i', text: 'Hello' }] })
    const done = changed(seen, { kind: 'item', laneId: 'id-c', item: item('i', 'Hello') })
    expect(done.open).toMatchObject({ items: [{ text: 'Hello' }], live: [] })
    const late = changed(done, { kind: 'live', laneId: 'id-c', live })
    expect(late.open?.live).toEqual([])
  })

  test('whoever scrolled up goes on seeing the same', () => {
    const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n')
    const opened = play(three, 'enter').state
    const read = changed(opened, { kind: 'item', laneId: 'id-c', item: item('i', lines) })
    const up = play(read, 'up', 'up').state
    expect(up.open?.above).toBe(2)
    const more = changed(up, { kind: 'item', laneId: 'id-c', item: item('j', 'one more') })
    expect(more.open?.above).toBe(4)
    expect(play(more, 'end').state.open?.above).toBe(0)
    const top = play(more, 'home').state.open?.above ?? 0
    expect(top).toBe(43 - (24 - 4 - 3))
    expect(play(more, 'home', 'up').state.open?.above).toBe(top)
  })
})

describe('sending', () => {
  test('a turn to an idle lane, its queue to a busy one; Tab changes that', () => {
    const busy = stateOf([lane('a', { status: 'busy' })])
    expect(play(busy, 's').state.prompt).toMatchObject({ kind: 'send', mode: 'queue' })
    const { effects, state } = play(three, 's', 'tab', '"hello', 'enter')
    expect(effects).toEqual([
      { do: 'send', laneId: 'id-c', handle: '@c', text: 'hello', mode: 'queue' },
    ])
    expect(state.prompt).toBeNull()
  })

  test('goes to the lane that it was begun for, whatever moves meanwhile', () => {
    const { state } = play(three, 's', '"hi')
    const moved = changed(state, {
      kind: 'some-lanes',
      lanes: [lane('new', { status: 'error' })],
      gone: ['id-c'],
    })
    expect(play(moved, 'enter').effects).toMatchObject([{ laneId: 'id-c', text: 'hi' }])
  })

  test('keys that come fast are keys, and then text; pasted text is neither', () => {
    expect(play(three, '"jshello\r').effects).toMatchObject([{ laneId: 'id-b', text: 'hello' }])
    expect(press(three, { pasted: 'xy' })).toEqual({ state: three, effects: [] })
    const prompting = play(three, 's').state
    const pasted = press(prompting, { pasted: 'one\ntwo' })
    expect(pasted.effects).toEqual([])
    expect(play(pasted.state, 'enter').effects).toMatchObject([{ text: 'one\ntwo' }])
  })

  test('nothing is sent that is blank, and Esc gives it up', () => {
    expect(play(three, 's', '"  ', 'enter')).toMatchObject({ effects: [], state: { prompt: {} } })
    expect(play(three, 's', '"hi', 'escape')).toMatchObject({
      effects: [],
      state: { prompt: null },
    })
  })
})

describe('what is asked before', () => {
  test.each([
    ['stop', ['x'], { do: 'stop', laneId: 'id-c', handle: '@c' }],
    ['approve', ['2', 'a'], { do: 'approve', id: 'r1', forSession: false }],
    ['approve for the session', ['2', 'down', 'A'], { do: 'approve', id: 'r2', forSession: true }],
    ['deny', ['2', 'd'], { do: 'deny', id: 'r1', cancelTurn: false }],
    ['cancel', ['3', 'c'], { do: 'cancel', id: 'm1' }],
    ['fire', ['4', 'f'], { do: 'fire', triggerId: 'id-t', name: 't' }],
  ])('%s: nothing on n, done on y', (_, keys, effect) => {
    const asked = play(everything, ...keys)
    expect(asked).toMatchObject({ effects: [], state: { prompt: { kind: 'confirm' } } })
    expect(play(asked.state, 'n').effects).toEqual([])
    expect(play(asked.state, 'enter').effects).toEqual([])
    expect(play(asked.state, 'y').effects).toEqual([effect])
    expect(play(asked.state, '"y').effects).toEqual([effect])
  })

  test('is about the request that was meant, though another one takes its place', () => {
    const asked = play(everything, '2', 'a').state
    const answered = changed(asked, { kind: 'requests', requests: [request('r2', 'b')] })
    expect(play(answered, 'y').effects).toEqual([{ do: 'approve', id: 'r1', forSession: false }])
  })

  test('a request is not decided from a line that may be cut, but where all of it stands', () => {
    const { state, effects } = play(everything, 'down', 'a')
    expect({ view: state.view, prompt: state.prompt, effects }).toEqual({
      ...{ view: 'requests', prompt: null, effects: [] },
    })
    expect(selectedRow(state, 'requests')?.id).toBe('r2')
  })

  test('what is not offered is refused', () => {
    expect(play(everything, '2', 'r').state.notice).toMatchObject({ tone: 'error' })
    expect(play(everything, '2', 'D').state.prompt).toBeNull()
  })
})

describe('answering', () => {
  const option = (label: string) => ({ label, description: label })
  const question = (id: string, options: ReturnType<typeof option>[] | null) => ({
    ...{ id, header: id, question: `${id}?`, options, other: true, secret: false },
  })
  const asking = changed(three, {
    kind: 'requests',
    requests: [
      request('q', 'a', {
        kind: 'question',
        offered: ['respond', 'cancel'],
        questions: [question('colour', [option('red'), option('blue')]), question('why', null)],
      }),
    ],
  })

  test('one question after the other, choices by number', () => {
    const { effects } = play(asking, '2', 'r', '"2', 'enter', '"it is blue', 'enter')
    expect(effects).toEqual([
      { do: 'respond', id: 'q', answer: { colour: 'blue', why: 'it is blue' } },
    ])
  })

  test('a question is cancelled as others are denied', () => {
    expect(play(asking, '2', 'd', 'y').effects).toEqual([
      { do: 'deny', id: 'q', cancelTurn: false },
    ])
  })

  test('what has no questions takes JSON', () => {
    const form = changed(three, {
      kind: 'requests',
      requests: [request('f', 'a', { kind: 'elicitation', offered: ['respond'] })],
    })
    const wrong = play(form, '2', 'r', '"[1]', 'enter')
    expect(wrong).toMatchObject({ effects: [], state: { notice: { tone: 'error' } } })
    expect(play(form, '2', 'r', '"{"a":1}', 'enter').effects).toEqual([
      { do: 'respond', id: 'f', answer: { a: 1 } },
    ])
  })
})

describe('the rest', () => {
  test('queues are held and go on, triggers are paused and fire again', () => {
    expect(play(everything, '3', 'p', 'down', 'p').effects).toMatchObject([
      { do: 'hold', laneId: 'id-a', hold: true },
      { do: 'hold', laneId: 'id-b', hold: false },
    ])
    expect(play(everything, '4', 'p').effects).toMatchObject([{ do: 'pause', pause: true }])
  })

  test('help is shown until any key', () => {
    const { state } = play(three, '?')
    expect(state.isHelpShown).toBe(true)
    expect(play(state, 'q')).toMatchObject({ effects: [], state: { isHelpShown: false } })
  })

  test('leaving, suspending, and Codex in its own UI', () => {
    expect(play(three, 'q').effects).toEqual([{ do: 'leave' }])
    expect(play(three, 'ctrl+c').effects).toEqual([{ do: 'leave' }])
    expect(play(three, '?', 'ctrl+c').effects).toEqual([{ do: 'leave' }])
    expect(play(three, '?', 'q').effects).toEqual([])
    expect(play(three, 'ctrl+z').effects).toEqual([{ do: 'suspend' }])
    expect(play(three, 'o').effects).toEqual([{ do: 'codex', laneId: 'id-c' }])
  })

  test('in an empty list no key fails', () => {
    const empty = stateOf([])
    for (const view of ['1', '2', '3', '4']) {
      for (const key of ['enter', 's', 'x', 'a', 'd', 'r', 'c', 'p', 'f', 'o', 'up', 'G']) {
        expect(play(empty, view, key).effects.filter(({ do: what }) => what !== 'follow')).toEqual(
          [],
        )
      }
    }
  })
})
