/**
 * Who says what a request is answered with when the message itself should not: a scenario gives
 * the lines that are played in the place of the message's text.
 */
import type { ModelRequest, PromptKind } from './model-request.ts'

/**
 * Lines of directives for a request; undefined leaves the message's own text to speak. Asked again
 * for every request of a turn: it must answer by the prompt, not by the number of calls.
 */
export type Scenario = (request: ModelRequest) => string | undefined

export interface ScenarioRule {
  /** A regular expression (without flags) that the prompt's text must match; absent: any. */
  match?: string
  kind?: PromptKind
  lines: string[]
}

/** The first rule that fits speaks. */
export function rulesToScenario(rules: ScenarioRule[]): Scenario {
  const compiled = rules.map(({ match, kind, lines }) => ({
    pattern: match === undefined ? undefined : new RegExp(match),
    kind,
    script: lines.join('\n'),
  }))
  return ({ prompt }) => {
    if (!prompt) return undefined
    return compiled.find(({ pattern, kind }) => {
      return (pattern?.test(prompt.text) ?? true) && (kind ?? prompt.kind) === prompt.kind
    })?.script
  }
}
