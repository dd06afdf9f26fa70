// How often the screen is drawn, and what the keys mean that follow what was seen.
import { expect, test } from 'vitest'
import { lane, trigger } from '../testing/samples.ts'
import { makeStore } from './store.ts'

const makeClock = () => {
  const timers = new Map<() => void, number>()
  return {
    timers,
    now: () => 0,
    monotonic: () => 0,
    after: (ms: number, run: () => void) => {
      timers.set(run, ms)
      return () => void timers.delete(run)
    },
    pause: async () => undefined,
  }
}

const begin = () => {
  const clock = makeClock()
  const store = makeStore({ columns: 80, rows: 24 }, clock)
  const drawn: number[] = []
  store.subscribe(() => drawn.push(store.shown().state.lanes?.length ?? 0))
  return { clock, store, drawn }
}

test('changes are drawn together, ten times a second at most; a key at once', () => {
  const { clock, store, drawn } = begin()
  for (let count = 1; count <= 1_000; count += 1) {
    store.change({ kind: 'some-lanes', lanes: [lane(`l${count}`)], gone: [] })
  }
  expect(drawn).toEqual([])
  expect([...clock.timers.values()]).toEqual([100])
  for (const run of [...clock.timers.keys()]) run()
  expect(drawn).toEqual([1_000])
  store.press({ key: 'down' })
  expect(drawn).toEqual([1_000, 1_000])
})

test('at rest it is drawn every 20 seconds, every second while a turn runs, and not after its end', () => {
  const { clock, store } = begin()
  store.press({ key: 'down' })
  expect([...clock.timers.values()]).toEqual([20_000])
  store.change({ kind: 'lanes', lanes: [lane('a', { status: 'busy' })] })
  store.press({ key: 'down' })
  expect([...clock.timers.values()]).toEqual([1_000])
  store[Symbol.dispose]()
  expect(clock.timers.size).toBe(0)
})

test('the cursor stays with what was seen under it, and a second p undoes the first', () => {
  using store = begin().store
  const order = (...names: string[]): void =>
    store.change({ kind: 'triggers', triggers: names.map((name) => trigger(name, 'a')) })
  order('t1', 't2', 't3')
  expect(store.press({ key: '4' })).toEqual([])
  order('t2', 't3', 't1')
  expect(store.press({ key: 'p' })).toMatchObject([{ name: 't1', pause: true }])
  const paused = trigger('t1', 'a', { state: 'paused' })
  const others = [trigger('t3', 'a'), trigger('t2', 'a')]
  store.change({ kind: 'triggers', triggers: [...others, paused] })
  expect(store.press({ key: 'p' })).toMatchObject([{ name: 't1', pause: false }])
})

test('a filter that is given up leaves the cursor where it was', () => {
  using store = begin().store
  store.change({ kind: 'triggers', triggers: [trigger('t1', 'a'), trigger('t2', 'a')] })
  for (const key of ['4', '/', 't', '2', 'escape']) store.press({ key })
  expect(store.press({ key: 'p' })).toMatchObject([{ name: 't1' }])
})
