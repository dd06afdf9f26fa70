/**
 * Finds what a request asks in its `input`: the last message that a person (or a goal) wrote.
 * Codex sends its own context as `user` messages too (`<environment_context>`, AGENTS.md and so
 * on, after a compaction the summary), sometimes as one part of a message; those parts are no prompt.
 */
export interface WireTool {
  type?: string
  name?: string
  tools?: WireTool[]
}

export interface InputItem {
  type?: string
  id?: string
  role?: string
  name?: string
  call_id?: string
  content?: string | { type?: string; text?: string }[]
  output?: unknown
  /** Of an `additional_tools` item. */
  tools?: WireTool[]
}

export interface Prompt {
  /** `goal`: a turn that Codex started itself to go on with the thread's goal. */
  kind: 'user' | 'goal'
  /** The message's text; for a goal its objective. */
  text: string
  /** The message's id in the thread's history; its position where it has none. */
  id: string
  /** Index in `input`. */
  index: number
}

const goalContext = /^\s*<codex_internal_context source="goal">/
const injected =
  /^\s*(?:<(?:environment_context|user_instructions|recommended_plugins|turn_aborted|user_action|user_shell_command|skill|subagent_notification|startup_context|codex_internal_context)[\s>]|# AGENTS\.md instructions|Another language model started to solve this problem)/

function partsOf(item: InputItem): string[] {
  if (typeof item.content === 'string') return [item.content]
  return (item.content ?? []).flatMap((part) => (part.text === undefined ? [] : [part.text]))
}

const isMessageOf = (item: InputItem, role: string) =>
  item.role === role && (item.type === undefined || item.type === 'message')

export const textsOfRole = (input: InputItem[], role: string) =>
  input.filter((item) => isMessageOf(item, role)).flatMap(partsOf)

/** An output item's text, whether Codex sent it as a string or as content parts. */
export function outputToText(output: unknown): string {
  if (typeof output === 'string') return output
  if (!Array.isArray(output)) return output === undefined ? '' : JSON.stringify(output)
  return output
    .map((part: { text?: string }) => part.text ?? '')
    .filter((text) => text !== '')
    .join('\n')
}

function goalObjective(input: InputItem[]): string {
  const item = input.findLast(({ name, type }) => {
    return type === 'function_call_output' && name === 'goal_objective'
  })
  return outputToText(item?.output)
}

/** Every prompt of the input, oldest first. */
export function inputToPrompts(input: InputItem[]): Prompt[] {
  return input.flatMap((item, index): Prompt[] => {
    if (!isMessageOf(item, 'user')) return []
    const parts = partsOf(item)
    const id = item.id ?? `at-${index}`
    if (parts.some((part) => goalContext.test(part))) {
      return [{ kind: 'goal', text: goalObjective(input.slice(0, index)), id, index }]
    }
    const own = parts.filter((part) => !injected.test(part))
    return own.length === 0 ? [] : [{ kind: 'user', text: own.join('\n'), id, index }]
  })
}
