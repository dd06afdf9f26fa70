// An answer in words, checked against what was asked. Pure.
import type { RequestAsk } from '@dispatch/contract'
import { z } from 'zod'
import type { Answer, Grant } from '../codex/asked.ts'
import { formToProblems } from './form-problems.ts'

/** What was given, as far as it is an answer. */
export type Responded = { answer: Answer } | { problems: string[] }

type Given = Readonly<Record<string, unknown>>
type Question = NonNullable<RequestAsk['questions']>[number]

const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)])

const questionProblem = ({ options, other }: Question, texts: readonly string[]): string | null => {
  if (options === null || other) return null
  const labels = options.map(({ label }) => label)
  return texts.every((text) => labels.includes(text))
    ? null
    : `must be one of ${labels.map((label) => JSON.stringify(label)).join(', ')}`
}

const toAnswers = (questions: readonly Question[], given: Given): Responded => {
  const answers: Record<string, string[]> = {}
  const problems = Object.keys(given)
    .filter((id) => !questions.some((question) => question.id === id))
    .map((id) => `${id} was not asked`)
  for (const question of questions) {
    const { id } = question
    const texts = Texts.safeParse(Object.hasOwn(given, id) ? given[id] : undefined)
    const problem = texts.success
      ? questionProblem(question, texts.data)
      : 'needs a text or a list of texts'
    if (problem !== null) problems.push(`${id} ${problem}`)
    if (texts.success) answers[id] = texts.data
  }
  return problems.length > 0 ? { problems } : { answer: { decision: 'respond', answers } }
}

const toForm = (form: Record<string, unknown>, given: Given): Responded => {
  const problems = formToProblems(form, given)
  return problems.length > 0 ? { problems } : { answer: { decision: 'respond', form: given } }
}

const GrantShape = z.strictObject({
  network: z.boolean().default(false),
  files: z.array(z.string()).default([]),
  forSession: z.boolean().default(false),
})

const toGrant = (asked: NonNullable<RequestAsk['permissions']>, given: Given): Responded => {
  const parsed = GrantShape.safeParse(given)
  if (!parsed.success) return { problems: [z.prettifyError(parsed.error)] }
  const grant: Grant = parsed.data
  const paths = new Set(asked.files.map(({ path }) => path))
  const problems = [
    ...(grant.network && !asked.network ? ['network was not asked for'] : []),
    ...grant.files.filter((path) => !paths.has(path)).map((path) => `${path} was not asked for`),
  ]
  return problems.length > 0 ? { problems } : { answer: { decision: 'respond', grant } }
}

/** The answer of what was given, or what is wrong with it. */
export const givenToAnswer = (ask: RequestAsk, given: Given): Responded => {
  if (ask.questions !== null) return toAnswers(ask.questions, given)
  if (ask.kind === 'permissions' && ask.permissions) return toGrant(ask.permissions, given)
  return ask.form === null ? { problems: ['it has no form'] } : toForm(ask.form, given)
}
