// A trigger: when -> action -> lane; and an occurrence, one planned or observed firing of it.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'
import { Timestamp } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { Delivery } from '../turns/delivery.ts'

/** What makes a trigger fire. */
export const TriggerWhen = z.enum([
  'interval',
  'cron',
  'at',
  'idle_for',
  'turn_completed',
  'waiting_on_approval',
])

/** What a trigger does. */
export const TriggerAction = z.enum(['send', 'steer', 'brief', 'queue', 'new'])

/** How a turn ended. */
export const TriggerOutcome = z.enum(['completed', 'failed', 'interrupted'])

/** What becomes of an occurrence whose lane is busy. */
export const TriggerOverlap = z.enum(['skip', 'queue'])

/** What becomes of times that were missed. */
export const TriggerCatchUp = z.enum(['skip', 'latest', 'all'])

/** Whether a trigger fires. */
export const TriggerState = z.enum(['active', 'paused', 'disabled', 'done'])

/** What became of an occurrence. */
export const RunOutcome = z.enum(['planned', 'fired', 'skipped', 'missed', 'failed'])

/** Why an occurrence was not acted on, in one word. */
export const RunReason = z.enum([
  'busy',
  'idle_only',
  'min_interval',
  'dedupe',
  'no_active_turn',
  'caused_by_trigger',
  'loop',
  'backing_off',
  'codex_unavailable',
  'no_text',
  'not_running',
  'late',
  'disabled',
  'error',
])

/** What set an occurrence off. */
export const RunCause = z.enum(['time', 'idle', 'event', 'manual'])

/** A trigger as every op shows it. */
export const Trigger = z.strictObject({
  id: z.string().describe('The id of the trigger'),
  name: z.string().describe('Its name'),
  enabled: z.boolean().describe('Whether it fires'),
  state: TriggerState.describe(
    'active: it fires. paused: by a person. disabled: dispatch gave it up, see reason. done: it has nothing left to fire for',
  ),
  reason: z
    .string()
    .nullable()
    .describe('Why it is disabled or done, or how it has been failing; or null'),
  when: TriggerWhen.describe('What makes it fire'),
  schedule: z.string().describe('The same in words'),
  seconds: z.number().nullable().describe('Seconds of interval and idle_for, or null'),
  cron: z.string().nullable().describe('The cron expression, or null'),
  timezone: z.string().nullable().describe('The zone of the cron expression, or null'),
  at: Timestamp.nullable().describe('The one time of at, or null'),
  on: LaneIdentity.nullable().describe('The lane whose events it goes by, or null without one'),
  outcomes: z.array(TriggerOutcome).describe('Ends of turns that turn_completed fires at'),
  action: TriggerAction.describe('What it does'),
  lane: LaneIdentity.nullable().describe('The lane that it does that to; null for new'),
  presets: z.array(z.string()).describe('Presets of the lanes that new makes'),
  cwd: z.string().nullable().describe('Directory of the lanes that new makes, or null'),
  text: z.string().describe('The message'),
  template: z.boolean().describe('Whether placeholders in the message are filled in'),
  idleOnly: z.boolean().describe('Whether it fires only while the lane is idle'),
  minIntervalSeconds: z.number().nullable().describe('Seconds between two firings, or null'),
  dedupe: z
    .boolean()
    .describe('Whether it is skipped while the lane has seen nothing new since its own last turn'),
  overlap: TriggerOverlap.describe('What becomes of it while the lane is busy'),
  catchUp: TriggerCatchUp.nullable().describe('What becomes of missed times; null without times'),
  jitterSeconds: z.number().nullable().describe('It fires up to so much later, or null'),
  until: Timestamp.nullable().describe('It fires no more from then on, or null'),
  maxFires: z.number().int().nullable().describe('How often it fires at most, or null'),
  fires: z.number().int().describe('How often it has fired'),
  failures: z.number().int().describe('How often in a row it has failed'),
  backoffUntil: Timestamp.nullable().describe('After failures it is skipped until then, or null'),
  createdAt: Timestamp.describe('When it was added'),
  updatedAt: Timestamp.describe('When it was last changed'),
  lastFiredAt: Timestamp.nullable().describe('When it last fired, or null'),
  lastOutcome: RunOutcome.nullable().describe(
    'What became of its newest occurrence; see trigger runs; or null',
  ),
  nextAt: Timestamp.nullable().describe(
    'When it fires next, after the rest of one that failed; null where no time is known',
  ),
})

/** A trigger with what is ahead of it. */
export const TriggerAhead = Trigger.extend({
  next: z
    .array(Timestamp)
    .describe('The next three times that it fires at, as far as they are known'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

/** An occurrence as every op shows it. */
export const TriggerRun = z.strictObject({
  id: z.string().describe('The id of the occurrence; also that of its delivery'),
  triggerId: z.string().describe('The id of the trigger'),
  name: z.string().describe('The name of the trigger'),
  cause: RunCause.describe('What set it off'),
  outcome: RunOutcome.describe(
    'planned: on disk and about to be acted on. fired: handed over. missed: not taken up at its time. skipped, failed: see reason',
  ),
  reason: RunReason.nullable().describe('Why it was not acted on, or null'),
  detail: z.string().nullable().describe('The same in words, or null'),
  code: ErrorBodySchema.shape.code
    .nullable()
    .describe('The code of the error that it failed with, or null'),
  scheduledAt: Timestamp.describe('The time that it was for'),
  createdAt: Timestamp.describe('When it was taken up'),
  firedAt: Timestamp.nullable().describe('When it was handed over, or null'),
  eventCursor: z.string().nullable().describe('The event that set it off, or null'),
  lane: LaneIdentity.nullable().describe('The lane that it acted on, or null'),
  delivery: Delivery.nullable().describe('The receipt of its message, or null'),
})

export type TriggerWhen = z.output<typeof TriggerWhen>
export type TriggerAction = z.output<typeof TriggerAction>
export type TriggerOutcome = z.output<typeof TriggerOutcome>
export type TriggerOverlap = z.output<typeof TriggerOverlap>
export type TriggerCatchUp = z.output<typeof TriggerCatchUp>
export type TriggerState = z.output<typeof TriggerState>
export type RunOutcome = z.output<typeof RunOutcome>
export type RunReason = z.output<typeof RunReason>
export type RunCause = z.output<typeof RunCause>
export type Trigger = z.output<typeof Trigger>
export type TriggerAhead = z.output<typeof TriggerAhead>
export type TriggerRun = z.output<typeof TriggerRun>
