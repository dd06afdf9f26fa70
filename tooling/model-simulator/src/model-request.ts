/**
 * What the simulator was asked, as a record: one POST /v1/responses, its headers and body read
 * into the fields that tests and scenarios look at. Tolerates everything: a body it cannot read
 * in the expected form gives empty fields.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { inputToPrompts, outputToText, textsOfRole } from './prompt.ts'
import type { InputItem, Prompt, WireTool } from './prompt.ts'

export interface ListedTool {
  type: string
  name: string
  /** Set for a tool inside a namespace (an MCP server's, multi-agent). */
  namespace?: string
}

export interface ToolOutput {
  callId: string
  output: string
}

/** How the answer ended; `abandoned` when Codex went away first, `closed` when the simulator did. */
export type Outcome = 'open' | 'completed' | 'failed' | 'cut' | 'abandoned' | 'closed'

/**
 * `steer`: came into a turn that was already running. `goal`: Codex's own, to go on with a goal.
 * `compaction`: Codex's own, to have the thread summarised.
 */
export type PromptKind = Prompt['kind'] | 'steer' | 'compaction'

export interface ModelRequest {
  /** 1 for the first request of this simulator. */
  number: number
  /** Milliseconds since the epoch, by the injected clock. */
  at: number
  threadId: string | undefined
  turnId: string | undefined
  /** Codex's word for what the request is for: `turn`, `compaction`, ... */
  requestKind: string | undefined
  /** What started the turn where it was not a message, e.g. `goal`. */
  turnTrigger: string | undefined
  /** The last message; undefined where the input has none but Codex's own context. */
  prompt: (Omit<Prompt, 'kind'> & { kind: PromptKind }) | undefined
  /** Every message of the input that is no injected context, oldest first. */
  userTexts: string[]
  /** `instructions`, then the texts of all developer messages. */
  instructions: string[]
  model: string | undefined
  effort: string | undefined
  serviceTier: string | undefined
  /** The JSON schema of `text.format`. */
  schema: unknown
  tools: ListedTool[]
  /** How many items the input has. */
  inputItems: number
  /** Outputs of tool calls since the prompt. */
  toolOutputs: ToolOutput[]
  /** The request as it came. */
  rawBody: string
  outcome: Outcome
}

interface WireRequest {
  model?: string
  instructions?: string
  input?: InputItem[]
  tools?: WireTool[]
  reasoning?: { effort?: string }
  service_tier?: string
  text?: { format?: { schema?: unknown } }
}

const listTools = (tools: WireTool[]): ListedTool[] =>
  tools.flatMap(({ type = '', name, tools: inner }) =>
    inner
      ? listTools(inner).map((tool) => (name === undefined ? tool : { ...tool, namespace: name }))
      : [{ type, name: name ?? type }],
  )

function toolOutputsAfter(input: InputItem[], index: number): ToolOutput[] {
  return input.slice(index + 1).flatMap(({ type, call_id, output }) => {
    if (call_id === undefined || !type?.endsWith('_call_output')) return []
    return [{ callId: call_id, output: outputToText(output) }]
  })
}

function readJson<T>(text: string | undefined): Partial<T> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

interface TurnMetadata {
  thread_id: string
  turn_id: string
  request_kind: string
  turn_trigger: string
}

export interface IncomingModelRequest {
  number: number
  at: number
  headers: IncomingHttpHeaders
  rawBody: string
  /** Whether this prompt came into a turn that an earlier prompt had started. */
  isSteer: (turnId: string | undefined, prompt: Prompt) => boolean
}

export function readModelRequest(incoming: IncomingModelRequest): ModelRequest {
  const { number, at, headers, rawBody, isSteer } = incoming
  const body: WireRequest = readJson<WireRequest>(rawBody)
  const input = Array.isArray(body.input) ? body.input : []
  const metadata = readJson<TurnMetadata>(headers['x-codex-turn-metadata']?.toString())
  const prompts = inputToPrompts(input)
  const prompt = prompts.at(-1)
  const kindOf = (found: Prompt): PromptKind => {
    if (metadata.request_kind === 'compaction') return 'compaction'
    return isSteer(metadata.turn_id, found) && found.kind === 'user' ? 'steer' : found.kind
  }
  return {
    number,
    at,
    threadId: metadata.thread_id ?? headers['thread-id']?.toString(),
    turnId: metadata.turn_id,
    requestKind: metadata.request_kind,
    turnTrigger: metadata.turn_trigger,
    prompt: prompt && { ...prompt, kind: kindOf(prompt) },
    userTexts: prompts.map(({ text }) => text),
    instructions: [
      ...(body.instructions === undefined ? [] : [body.instructions]),
      ...textsOfRole(input, 'developer'),
    ],
    model: body.model,
    effort: body.reasoning?.effort,
    serviceTier: body.service_tier,
    schema: body.text?.format?.schema,
    tools: listTools([
      ...(body.tools ?? []),
      ...input.flatMap(({ type, tools }) => (type === 'additional_tools' ? (tools ?? []) : [])),
    ]),
    inputItems: input.length,
    toolOutputs: toolOutputsAfter(input, prompt?.index ?? -1),
    rawBody,
    outcome: 'open',
  }
}
