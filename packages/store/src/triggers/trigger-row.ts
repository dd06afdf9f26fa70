// A trigger and its occurrences as the registry keeps them.
import type {
  DeliveryMode,
  ErrorCode,
  RunCause,
  RunOutcome,
  RunReason,
  TriggerAction,
  TriggerCatchUp,
  TriggerOutcome,
  TriggerOverlap,
  TriggerState,
  TriggerWhen,
} from '@dispatch/contract'

/** What a trigger is made of beside who, when and what; times in epoch ms, stretches in ms. */
export type TriggerSpec = {
  everyMs: number | null
  cron: string | null
  zone: string | null
  at: number | null
  /** Ends of turns that it fires at. */
  outcomes: readonly TriggerOutcome[]
  presets: readonly string[]
  cwd: string | null
  template: boolean
  idleOnly: boolean
  minIntervalMs: number | null
  dedupe: boolean
  overlap: TriggerOverlap
  catchUp: TriggerCatchUp | null
  jitterMs: number | null
  /** It fires no more from then on. */
  until: number | null
  maxFires: number | null
}

/** One row of `triggers`; times in epoch ms. */
export type TriggerRow = {
  /** A UUIDv7: the call that added it. */
  id: string
  /** What that call asked for; null where it was added before that was kept. */
  inputHash: string | null
  name: string
  /** The lane that it acts on; null where it makes its own. */
  laneId: string | null
  /** The lane whose events or rest it goes by; null where it goes by time. */
  sourceId: string | null
  kind: TriggerWhen
  action: TriggerAction
  text: string
  spec: TriggerSpec
  state: TriggerState
  /** Why it is disabled or done. */
  reason: string | null
  createdAt: number
  updatedAt: number
  /** Since when it fires as it is. Intervals count from here. */
  armedAt: number
  /** The newest event then: those up to it are none of its business. */
  armedSeq: number
  /** When it is looked at; null where no time is known. */
  nextAt: number | null
  /** The time that this is for: jitter makes `nextAt` later. */
  scheduledAt: number | null
  fires: number
  /** In a row. */
  failures: number
  backoffUntil: number | null
  lastFiredAt: number | null
}

/** What may change of a trigger. */
export type TriggerPatch = Partial<Omit<TriggerRow, 'id' | 'createdAt'>>

/** What a list of triggers asks for, oldest first. */
export type TriggerListQuery = {
  laneId: string | null
  state: TriggerState | null
  limit: number
  /** Behind that id. */
  after: string | null
}

/** One row of `triggerRuns`: an occurrence. Times in epoch ms. */
export type TriggerRunRow = {
  /** A UUIDv7: also the id of its delivery and of its lane's making. */
  id: string
  triggerId: string
  /** What makes it the only one of its trigger: the scheduled time, the event, the stretch, the call. */
  key: string
  cause: RunCause
  outcome: RunOutcome
  /** How its message meets the lane; null where it was not acted on. */
  mode: DeliveryMode | 'new' | null
  /** The message, until it is handed over. */
  text: string | null
  reason: RunReason | null
  detail: string | null
  /** The code of the error that it failed with. */
  code: ErrorCode | null
  scheduledAt: number
  createdAt: number
  firedAt: number | null
  /** The lane that it acted on; null before a lane was made. */
  laneId: string | null
  /** The event that set it off. */
  eventCursor: string | null
  /** The turn that set it off. */
  turnId: string | null
  /** The newest turn of the lane when it was acted on. */
  seenTurnId: string | null
  /** Triggers whose turns led to it, the first one first. */
  chain: readonly string[]
}

/** The same with its place: occurrences of one commit may have the same time. */
export type TriggerRunRecord = TriggerRunRow & {
  seq: number
  /** When the lane that it made was archived, by whomever; null before, and where it made none. */
  putAwayAt: number | null
}

/** What may change of an occurrence. */
export type TriggerRunPatch = Partial<
  Pick<
    TriggerRunRow,
    'outcome' | 'text' | 'reason' | 'detail' | 'code' | 'firedAt' | 'laneId' | 'seenTurnId'
  >
>

/** What a list of occurrences asks for, newest first. */
export type TriggerRunListQuery = {
  triggerId: string | null
  outcome: RunOutcome | null
  limit: number
  /** Below that place. */
  before: number | null
}
