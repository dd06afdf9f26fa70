// What Codex asks of us, in dispatch's own words. Types only.
import type { RequestAsk, RequestDecision } from '@dispatch/contract'

/** File access that a person grants: paths as they were asked for. */
export type Grant = { network: boolean; files: readonly string[]; forSession: boolean }

/** What is said to a request. */
export type Answer = {
  decision: RequestDecision
  /** With `respond`: answers by question. */
  answers?: Readonly<Record<string, readonly string[]>>
  /** With `respond`: the fields of a form. */
  form?: Readonly<Record<string, unknown>>
  /** With `respond`: a part of the permissions. */
  grant?: Grant
}

/** A request that somebody decides. */
export type Asked = {
  /** Its id in the protocol, as JSON: unique within one server. */
  rpcId: string
  threadId: string
  turnId: string | null
  itemId: string | null
  ask: RequestAsk
  /** Fires when no answer is wanted any more: answered elsewhere, sent again, or disconnected. */
  signal: AbortSignal
  /** Says it to Codex; nothing where no answer is wanted any more. */
  reply(answer: Answer): void
}

/** A call of a tool that its thread was started with: answered by what is done, decided by nobody. */
export type ToolCall = {
  /** Its id in the protocol, as JSON. */
  rpcId: string
  threadId: string
  turnId: string
  /** The model's own id of the call, unique within its turn. */
  callId: string
  tool: string
  arguments: unknown
}

/** What the model is told. */
export type ToolAnswer = { success: boolean; text: string }

/** A request that nobody decides: it was refused at once. */
export type Refused = { rpcId: string; method: string; threadId: string | null; why: string }
