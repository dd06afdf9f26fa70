// What Codex told us, in dispatch's own words: the input of every state machine here. Types only.
import type { GoalStatus, TokenUsage, Turn, TurnError } from '@dispatch/contract'
import type { ThreadStanding } from './thread-fact.ts'

/** A turn as Codex reports it; times are epoch milliseconds. */
export type TurnFact = {
  id: string
  status: Turn['status']
  startedAt: number | null
  completedAt: number | null
  durationMs: number | null
  error: TurnError | null
}

/** An item as Codex reports it, reduced to what can be read. */
export type ItemFact = {
  id: string
  type: string
  text: string
  status: string | null
  /** On a user message: the id that the sender gave it. */
  clientId: string | null
  startedAt: number | null
  completedAt: number | null
}

/** A goal as Codex tells of it; times in epoch ms. */
export type GoalFact = {
  objective: string
  status: GoalStatus
  tokenBudget: number | null
  tokensUsed: number
  timeUsedSeconds: number
  createdAt: number
  updatedAt: number
}

/** Codex has not reached its model and tries again; the turn goes on. Texts are bounded. */
export type RetryFact = {
  turnId: string
  message: string
  details: string | null
  /** Codex's own name of what is wrong. */
  errorKind: string
  httpStatus: number | null
}

/** One thing that Codex told us about a thread. */
export type Fact = { threadId: string } & (
  | { kind: 'turn-started'; turn: TurnFact }
  | { kind: 'turn-ended'; turn: TurnFact }
  | { kind: 'item-started'; turnId: string; item: ItemFact }
  | { kind: 'item-completed'; turnId: string; item: ItemFact }
  | { kind: 'delta'; turnId: string; itemId: string; stream: DeltaStream; text: string }
  | { kind: 'usage'; usage: TokenUsage }
  | { kind: 'goal'; goal: GoalFact | null }
  | ({ kind: 'retrying' } & RetryFact)
  | { kind: 'renamed'; title: string }
  | { kind: 'archived' }
  | { kind: 'unarchived' }
  | { kind: 'unloaded' }
  | { kind: 'standing'; standing: ThreadStanding }
  | { kind: 'request-resolved'; rpcId: string }
)

/** What a stretch of streamed text is part of. */
export type DeltaStream = 'message' | 'reasoning' | 'output' | 'plan'
