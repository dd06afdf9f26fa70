// A key, or text, and what it comes to. Pure.
import { bindingOf, placeIn } from './keymap.ts'
import { promptKey, promptText } from './prompting.ts'
import type { TopState } from './state.ts'
import { stay, type Step } from './step.ts'

/** What was pressed: a key by its name (`up`, `ctrl+c`), what was typed fast, or pasted text. */
export type Input = { key: string } | { typed: string } | { pasted: string }

const controls: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
}

// The names of keys are words of ASCII.
const isText = (key: string): boolean => key.length === 1 || key.charCodeAt(0) > 0x7f

const pressKey = (state: TopState, key: string): Step => {
  const { prompt } = state
  if (!prompt) return bindingOf(placeIn(state), key)?.run(state) ?? stay(state)
  return isText(key) ? promptText(state, prompt, key) : promptKey(state, prompt, key)
}

// What was said is read when the next key comes.
const pressOne = (before: TopState, key: string): Step => {
  const state = before.notice ? { ...before, notice: null } : before
  if (!state.isHelpShown) return pressKey(state, key)
  const shown = { ...state, isHelpShown: false }
  // Any key ends the help; the one that always leads out leads out of it too.
  return key === 'ctrl+c' ? pressKey(shown, key) : stay(shown)
}

const segmenter = new Intl.Segmenter()

// Over a slow line several keys come at once.
const pressAll = (before: TopState, typed: string): Step => {
  let step = stay(before)
  for (const { segment } of segmenter.segment(typed)) {
    const next = pressOne(step.state, controls[segment] ?? segment)
    step = { state: next.state, effects: [...step.effects, ...next.effects] }
  }
  return step
}

/** What it comes to. Pasted text is never taken for keys. */
export const press = (state: TopState, input: Input): Step => {
  if ('key' in input) return pressOne(state, input.key)
  if ('typed' in input) return pressAll(state, input.typed)
  return state.prompt && state.prompt.kind !== 'confirm'
    ? promptText(state, state.prompt, input.pasted)
    : stay(state)
}
