// Codex's items in our words: a readable text for every type, bounded. Types of items that this
// dispatch does not know keep their name and get what text they carry.
import type { protocol } from '@dispatch/codex-client'
import { z } from 'zod'
import type { ItemFact } from './fact.ts'

/** Characters of an item's text that are kept; Codex itself keeps 65,536 of a command's output. */
const ITEM_TEXT_MAX = 65_536

const Loose = z.looseObject({ type: z.string(), id: z.string() })
type LooseItem = z.output<typeof Loose>

const bounded = (text: string): string =>
  text.length <= ITEM_TEXT_MAX
    ? text
    : `${text.slice(0, ITEM_TEXT_MAX)}\n[${text.length - ITEM_TEXT_MAX} characters more]`

const lines = (...parts: unknown[]): string =>
  parts.filter((part): part is string => typeof part === 'string' && part !== '').join('\n')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const textsOf = (content: unknown): string =>
  Array.isArray(content)
    ? lines(
        ...content.map((part: unknown) =>
          isRecord(part) ? (part.text ?? `[${word(part.type)}]`) : part,
        ),
      )
    : lines(content)

const json = (value: unknown): string => (value == null ? '' : JSON.stringify(value))

// String() fails on what came as an object with a `toString` of its own.
const word = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

const readable = {
  userMessage: (item) => textsOf(item.content),
  agentMessage: (item) => lines(item.text),
  plan: (item) => lines(item.text),
  reasoning: (item) =>
    textsOf(Array.isArray(item.summary) && item.summary.length ? item.summary : item.content),
  commandExecution: (item) =>
    lines(
      `$ ${word(item.command)}`,
      item.aggregatedOutput,
      typeof item.exitCode === 'number' && item.exitCode !== 0 ? `[exit ${item.exitCode}]` : '',
    ),
  fileChange: (item) =>
    (Array.isArray(item.changes) ? item.changes : [])
      .map((change: unknown) =>
        isRecord(change) ? lines(`${kindOf(change.kind)} ${word(change.path)}`, change.diff) : '',
      )
      .join('\n'),
  mcpToolCall: (item) =>
    lines(
      `${word(item.server)}.${word(item.tool)} ${json(item.arguments)}`,
      isRecord(item.result) ? textsOf(item.result.content) : '',
      isRecord(item.error) ? item.error.message : '',
    ),
  dynamicToolCall: (item) =>
    lines(`${word(item.tool)} ${json(item.arguments)}`, textsOf(item.contentItems)),
  functionCallOutput: (item) =>
    lines(item.name, typeof item.output === 'string' ? item.output : json(item.output)),
  webSearch: (item) => lines(item.query),
  imageView: (item) => lines(item.path),
  enteredReviewMode: (item) => lines(item.review),
  exitedReviewMode: (item) => lines(item.review),
  contextCompaction: () => 'The conversation was compacted.',
  collabAgentToolCall: (item) => lines(item.tool, item.prompt),
  subAgentActivity: (item) => lines(item.kind, item.agentPath),
  hookPrompt: (item) => textsOf(item.fragments),
  sleep: (item) => `${word(item.durationMs)} ms`,
  imageGeneration: (item) => lines(item.revisedPrompt, item.savedPath),
} satisfies Record<protocol.ThreadItem['type'], (item: LooseItem) => string>

/** The types of items of the Codex that we know. */
export const itemTypesOf = (): readonly string[] => Object.keys(readable)

const isReadable = (type: string): type is keyof typeof readable => Object.hasOwn(readable, type)

const kindOf = (kind: unknown): string => {
  const name = isRecord(kind) ? kind.type : kind
  return typeof name === 'string' ? name : 'change'
}

const instant = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** An item in our words, or null for what is no item. */
export const itemToFact = (raw: unknown): ItemFact | null => {
  const parsed = Loose.safeParse(raw)
  if (!parsed.success) return null
  const item = parsed.data
  return {
    id: item.id,
    type: item.type,
    text: bounded(isReadable(item.type) ? readable[item.type](item) : lines(item.text)),
    status: typeof item.status === 'string' ? item.status : null,
    clientId: typeof item.clientId === 'string' ? item.clientId : null,
    startedAt: instant(item.startedAtMs),
    completedAt: instant(item.completedAtMs),
  }
}
