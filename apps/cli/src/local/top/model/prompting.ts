// Keys while the last row asks for something: they edit a line, say yes or no, or give it up. Pure.
import type { Request } from '@dispatch/contract'
import { editLine, emptyLine, type Line, lineText, typeInto } from './line.ts'
import { sendModes } from './effect.ts'
import type { Prompt, TopState } from './state.ts'
import { act, saying, stay, type Step } from './step.ts'

type Typed = Exclude<Prompt, { kind: 'confirm' }>

const closed = (state: TopState): TopState => ({ ...state, prompt: null })

const withLine = (state: TopState, prompt: Typed, line: Line): Step => {
  const next = { ...state, prompt: { ...prompt, line } }
  return stay(prompt.kind === 'filter' ? { ...next, filter: lineText(line) } : next)
}

/** The question that is to be answered next; undefined where the answer is JSON. */
export const questionOf = (
  request: Request,
  answers: Readonly<Record<string, string>>,
): NonNullable<Request['questions']>[number] | undefined =>
  request.questions?.find(({ id }) => !Object.hasOwn(answers, id))

// A number picks from the choices.
const chosen = (text: string, options: readonly { label: string }[] | null): string =>
  (/^\d{1,2}$/.test(text) ? options?.[Number(text) - 1]?.label : undefined) ?? text

const parseObject = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

const answerWith = (
  state: TopState,
  prompt: Extract<Prompt, { kind: 'answer' }>,
  text: string,
): Step => {
  const { request, answers } = prompt
  const question = questionOf(request, answers)
  if (!question) {
    const answer = parseObject(text)
    if (answer === null) return stay(saying(state, 'error', 'That is no JSON object.'))
    return act(closed(state), { do: 'respond', id: request.id, answer })
  }
  const known = { ...answers, [question.id]: chosen(text, question.options) }
  if (questionOf(request, known)) {
    return stay({ ...state, prompt: { ...prompt, answers: known, line: emptyLine } })
  }
  return act(closed(state), { do: 'respond', id: request.id, answer: known })
}

const submit = (state: TopState, prompt: Typed): Step => {
  const text = lineText(prompt.line)
  if (prompt.kind === 'filter') return stay(closed(state))
  if (text.trim() === '') return stay(state)
  if (prompt.kind === 'answer') return answerWith(state, prompt, text.trim())
  const { laneId, handle, mode } = prompt
  return act(closed(state), { do: 'send', laneId, handle, text, mode })
}

const nextMode = (prompt: Extract<Prompt, { kind: 'send' }>, by: number): Prompt => {
  const at = sendModes.indexOf(prompt.mode) + by + sendModes.length
  return { ...prompt, mode: sendModes[at % sendModes.length] ?? 'send' }
}

const giveUp = (state: TopState, prompt: Prompt): Step =>
  stay({ ...closed(state), ...(prompt.kind === 'filter' ? { filter: prompt.before } : {}) })

const confirmed = (state: TopState, prompt: Extract<Prompt, { kind: 'confirm' }>, key: string) =>
  key === 'y' || key === 'Y'
    ? act(closed(state), prompt.effect)
    : stay(saying(closed(state), 'ok', 'Nothing was done.'))

/** What a key does to the prompt. */
export const promptKey = (state: TopState, prompt: Prompt, key: string): Step => {
  if (prompt.kind === 'confirm') return confirmed(state, prompt, key)
  if (key === 'escape' || key === 'ctrl+c') return giveUp(state, prompt)
  if (key === 'enter') return submit(state, prompt)
  if (prompt.kind === 'send' && (key === 'tab' || key === 'shift+tab')) {
    return stay({ ...state, prompt: nextMode(prompt, key === 'tab' ? 1 : -1) })
  }
  const line = editLine(prompt.line, key)
  return line ? withLine(state, prompt, line) : stay(state)
}

/** What typed, or pasted, text does to the prompt. A line that ends answers nothing by itself. */
export const promptText = (state: TopState, prompt: Prompt, text: string): Step => {
  if (prompt.kind === 'confirm') {
    return text.length === 1 ? confirmed(state, prompt, text) : stay(state)
  }
  const keeps = prompt.kind === 'send' ? text : text.replace(/\s+/g, ' ')
  return withLine(state, prompt, typeInto(prompt.line, keeps))
}
