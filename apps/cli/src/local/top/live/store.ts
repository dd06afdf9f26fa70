// Holds the state of `top` and tells when another one is to be drawn: after a key at once, after changes
// from the daemon at most ten times a second, and as time goes by while something is shown that counts it.
import type { Clock } from '@dispatch/client'
import { type Change, changed } from '../model/change.ts'
import type { Effect } from '../model/effect.ts'
import { type Input, press } from '../model/keys.ts'
import { asSeen } from '../model/rows.ts'
import { initialState, type Size, type TopState } from '../model/state.ts'

/** What is drawn. */
export type Shown = { state: TopState; now: number }

/** The state and who draws it. */
export type Store = Disposable & {
  /** The state as it is. */
  state(): TopState
  /** The state as it was last told of. */
  shown(): Shown
  change(change: Change): void
  /** Takes a key; gives what is to be done for it. */
  press(input: Input): readonly Effect[]
  /** Calls back when there is something else to draw; undone by the function that it gives. */
  subscribe(listener: () => void): () => void
}

const FRAME_MS = 100
/** Seconds count while a turn runs, else the minutes of what is long past. */
const BUSY_MS = 1_000
const IDLE_MS = 20_000

/** Makes a store. */
export const makeStore = (size: Size, clock: Clock): Store => {
  const listeners = new Set<() => void>()
  let state = initialState(size)
  let shown: Shown = { state, now: clock.now() }
  let callOffFrame: (() => void) | null = null
  let callOffTick: (() => void) | null = null

  const draw = (): void => {
    callOffFrame?.()
    callOffTick?.()
    callOffFrame = null
    state = asSeen(state)
    shown = { state, now: clock.now() }
    for (const listener of listeners) listener()
    const isBusy = state.lanes?.some(({ status }) => status === 'busy') ?? false
    callOffTick = clock.after(isBusy ? BUSY_MS : IDLE_MS, draw)
  }

  return {
    state: () => state,
    shown: () => shown,
    change(change) {
      state = changed(state, change)
      callOffFrame ??= clock.after(FRAME_MS, draw)
    },
    press(input) {
      const step = press(state, input)
      state = step.state
      draw()
      return step.effects
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.dispose]() {
      callOffFrame?.()
      callOffTick?.()
      listeners.clear()
    },
  }
}
