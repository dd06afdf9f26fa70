// What a key or a change comes to: the next state, and what is to be done outside of it.
import type { Effect } from './effect.ts'
import type { Notice, TopState } from './state.ts'

/** The next state, and what to do. */
export type Step = { state: TopState; effects: readonly Effect[] }

/** A step that is nothing but another state. */
export const stay = (state: TopState): Step => ({ state, effects: [] })

/** A step that also does something. */
export const act = (state: TopState, ...effects: Effect[]): Step => ({ state, effects })

/** The state with something said. */
export const saying = (state: TopState, tone: Notice['tone'], text: string): TopState => ({
  ...state,
  notice: { tone, text },
})
