// Inputs and answers of the ops below `trigger`.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { ErrorBodySchema } from '../error-body.ts'
import { LaneName, PresetName, Selector, Timestamp, withinCharacters } from '../fields.ts'
import { SHORT_ID_MIN } from '../short-id.ts'
import {
  RunOutcome,
  Trigger,
  TriggerAction,
  type TriggerAhead,
  TriggerCatchUp,
  TriggerOutcome,
  TriggerOverlap,
  TriggerRun,
  TriggerState,
  TriggerWhen,
} from './trigger.ts'

/** Names one trigger. */
const TriggerSelector = z
  .string()
  .min(1)
  .max(bounds.name)
  .describe(
    `Trigger: its id, a unique beginning of it (${SHORT_ID_MIN} or more characters), or its name`,
  )

const seconds = z.number().positive('must be more than 0').max(31_622_400)

// Less would be turns without a pause, and a row of each firing: some fifty a second were seen.
const TRIGGER_SECONDS_MIN = 1

const moment = z.string().min(1).max(64)

const TriggerText = z
  .string()
  .refine(withinCharacters(bounds.triggerText), {
    error: `must be at most ${bounds.triggerText} characters`,
  })
  .refine((text) => text.trim() !== '', { error: 'must not be empty or blank' })

/** What a trigger is made of, beside its name, lane, kind, action and text. */
const details = {
  seconds: seconds
    .min(TRIGGER_SECONDS_MIN)
    .optional()
    .describe(
      'Seconds between two firings of interval, or of rest before idle_for fires; 1 or more',
    ),
  cron: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('With cron: minute, hour, day of month, month, day of week; or @daily and the like'),
  timezone: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("With cron, and with a time that has none: IANA zone; the caller's when absent"),
  time: moment
    .optional()
    .meta({ flag: 'at' })
    .describe('With at: the time, as 2026-06-01T14:30 or 2026-06-01T14:30:00Z'),
  on: Selector.optional().describe(
    'The lane whose events or rest it goes by: its ref, thread id, @handle or title; the same as --lane when absent',
  ),
  outcomes: z
    .array(TriggerOutcome)
    .max(3)
    .optional()
    .meta({ flag: 'outcome' })
    .describe('With turn_completed: turns that ended so; completed when absent'),
  presets: z
    .array(PresetName)
    .max(20)
    .optional()
    .meta({ flag: 'preset' })
    .describe('With new: presets of the lanes that it makes'),
  cwd: z
    .string()
    .min(1)
    .optional()
    .meta({ path: true })
    .describe("With new: directory of the lanes that it makes; the caller's when absent"),
  template: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe(
      'Fill in ${lane.ref}, ${lane.title}, ${trigger.name}, ${fire.scheduledAt} and ${turn.lastMessage}; without it the text is literal',
    ),
  idleOnly: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Fire only while the lane is idle'),
  minIntervalSeconds: seconds
    .optional()
    .meta({ flag: 'min-interval' })
    .describe('Seconds that have to lie between two firings'),
  dedupe: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe("Skip while the lane has seen nothing new since this trigger's own last turn"),
  overlap: TriggerOverlap.optional().describe(
    'While the lane is busy: skip (when absent), or queue the message',
  ),
  catchUp: TriggerCatchUp.optional().describe(
    'Times that were missed: latest (when absent) fires once, skip not at all, all each of them, at most 100',
  ),
  jitterSeconds: seconds
    .optional()
    .meta({ flag: 'jitter' })
    .describe('Fire up to so many seconds later, another time each time'),
  until: moment.optional().describe('Fire no more from then on: a day, or a date and time'),
  maxFires: z.number().int().min(1).max(1_000_000_000).optional().describe('Fire so often at most'),
}

export const TriggerAddInput = z.strictObject({
  name: LaneName.meta({ alias: 'n' }).describe('Name of the trigger; no other one has it'),
  lane: Selector.optional(),
  when: TriggerWhen.describe(
    'interval and cron: by time. at: once. idle_for: after a time of rest. turn_completed, waiting_on_approval: when that happens',
  ),
  action: TriggerAction.describe(
    'send: a turn. steer: into the turn that runs. brief: context, no turn. queue: a turn of its own when it is its turn. new: a fresh lane, archived after its turn',
  ),
  text: TriggerText.meta({ alias: 't', fileFlag: 'input-file' }).describe('The message'),
  ...details,
})

const editable = [
  'until',
  'max-fires',
  'min-interval',
  'jitter',
  'outcome',
  'on',
  'preset',
  'timezone',
] as const

export const TriggerEditInput = z.strictObject({
  trigger: TriggerSelector.meta({ positional: true }),
  name: LaneName.optional().describe('Another name'),
  lane: Selector.optional(),
  when: TriggerWhen.optional().describe('Fire at something else'),
  action: TriggerAction.optional().describe('Do something else'),
  text: TriggerText.optional()
    .meta({ alias: 't', fileFlag: 'input-file' })
    .describe('Another message'),
  ...details,
  unset: z.array(z.enum(editable)).max(editable.length).optional().describe('What to take back'),
})

const limit = z.number().int().min(1).max(bounds.page).optional()
const page = z.string().max(200).optional().describe('Go on after an earlier page: its nextCursor')
const nextCursor = z.string().nullable().describe('Cursor of the next page, or null')

export const TriggerListInput = z.strictObject({
  lane: Selector.optional(),
  state: TriggerState.optional().describe('Only those in that state'),
  limit: limit.describe('Triggers at most; 50 when absent'),
  cursor: page,
})

export const TriggerListResult = z.strictObject({
  triggers: z.array(Trigger).describe('The triggers, oldest first'),
  nextCursor,
})

export const TriggerGetInput = z.strictObject({
  trigger: TriggerSelector.meta({ positional: true }),
})

export const TriggerRemoveResult = z.strictObject({
  id: z.string().describe('The id of the trigger'),
  name: z.string().describe('Its name'),
  removed: z.literal(true).describe('It is there no more'),
})

export const TriggerRunResult = TriggerRun.extend({
  notes: z.array(z.string()).describe('What the caller should know'),
  error: ErrorBodySchema.nullable().describe(
    'Why it failed, or could not be fired at all; null where it fired or was skipped',
  ),
})

export const TriggerRunsInput = z.strictObject({
  trigger: TriggerSelector.optional().meta({ positional: true }),
  outcome: RunOutcome.optional().describe('Only those with that outcome'),
  limit: limit.describe('Occurrences at most; 50 when absent'),
  cursor: page,
})

export const TriggerRunsResult = z.strictObject({
  runs: z.array(TriggerRun).describe('The occurrences, newest first'),
  nextCursor,
})

export const TriggerNextInput = z.strictObject({
  trigger: TriggerSelector.optional().meta({ positional: true }),
  limit: z.number().int().min(1).max(100).optional().describe('Times at most; 10 when absent'),
})

export const TriggerNextResult = z.strictObject({
  times: z
    .array(
      z.strictObject({
        at: Timestamp.describe('When it fires'),
        triggerId: z.string().describe('The id of the trigger'),
        name: z.string().describe('Its name'),
        handle: z.string().nullable().describe('Handle of its lane; null for new'),
        action: TriggerAction.describe('What it does'),
      }),
    )
    .describe('What is ahead, in its order'),
})

export type TriggerAddInput = z.output<typeof TriggerAddInput>
export type TriggerEditInput = z.output<typeof TriggerEditInput>
export type TriggerResult = TriggerAhead
export type TriggerListInput = z.output<typeof TriggerListInput>
export type TriggerListResult = z.output<typeof TriggerListResult>
export type TriggerGetInput = z.output<typeof TriggerGetInput>
export type TriggerRemoveResult = z.output<typeof TriggerRemoveResult>
export type TriggerRunResult = z.output<typeof TriggerRunResult>
export type TriggerRunsInput = z.output<typeof TriggerRunsInput>
export type TriggerRunsResult = z.output<typeof TriggerRunsResult>
export type TriggerNextInput = z.output<typeof TriggerNextInput>
export type TriggerNextResult = z.output<typeof TriggerNextResult>
