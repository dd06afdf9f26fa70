// A lane as every surface shows it: identity, summary, detail.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'
import { QueueState } from '../deliveries/queue-state.ts'
import { Goal, GoalStatus } from '../goals/goal.ts'
import { Request } from '../requests/request.ts'
import { LaneIndex } from '../sessions/index-state.ts'
import { LaneSync } from '../sessions/sync-state.ts'
import { Delivery } from '../turns/delivery.ts'
import { TranscriptItem } from '../turns/item.ts'
import { TokenUsage, Turn } from '../turns/turn.ts'
import { EffectiveSettings, LaneSettings } from './settings.ts'

/** Whether a lane works, waits, or stands. */
export const LaneStatus = z.enum([
  'idle',
  'busy',
  'waiting_approval',
  'error',
  'archived',
  'unknown',
])

/** Own: dispatch started or adopted it. Attached: an existing thread that was registered. */
export const LaneSource = z.enum(['own', 'attached'])

/** What identifies a lane, in every answer that names one. */
export const LaneIdentity = z.strictObject({
  ref: z.string().describe('Six characters, stable for life: what people type'),
  id: z.string().describe('The Codex thread id'),
  handle: z.string().describe('@ and the bare name, unique among live lanes'),
  title: z.string().describe('The name of the thread in Codex'),
  managed: z.boolean().describe('Whether dispatch has the thread in its registry'),
  source: LaneSource.describe('own or attached'),
  status: LaneStatus.describe('idle, busy, waiting_approval, error, archived or unknown'),
  cwd: z.string().describe('The directory that the lane works in'),
})

/** Marks beside the status. */
const LaneFlags = z.strictObject({
  held: z
    .boolean()
    .describe('Whether the lane holds what waits for it (after a stop or a failure)'),
  stalled: z.boolean().describe('Whether its turn has been silent for too long'),
  runningElsewhere: z.boolean().describe('Whether another process holds the thread'),
})

/** What an agent in a lane has of dispatch. */
const LaneTools = z.strictObject({
  ops: z.array(z.string()).describe('Ops that its agent can call'),
  reason: z.string().nullable().describe('Why it can call none, or null'),
})

/** A lane in a list. */
export const LaneSummary = LaneIdentity.extend({
  ephemeral: z.boolean().describe('Whether Codex keeps no history of it'),
  writable: z.boolean().describe('Whether dispatch may write turns'),
  writeLockedReason: z.string().nullable().describe('Why it may not, or null'),
  flags: LaneFlags.describe('Marks beside the status'),
  stalledReason: z.string().nullable().describe('Why it is taken for stalled, or null'),
  model: z.string().nullable().describe('The model that Codex reported, or null'),
  activeTurn: Turn.nullable().describe('The turn that runs, or null'),
  latestTurn: Turn.nullable().describe('The turn that started last, or null'),
  goalStatus: GoalStatus.nullable().describe('How its goal stands, or null without one'),
  pendingRequests: z.number().int().describe('Requests of Codex that wait for a person'),
  sync: LaneSync.describe('What the last sync has found'),
  createdAt: Timestamp.describe('When the lane was made'),
  updatedAt: Timestamp.describe('When something last happened on it'),
})

/** Everything that dispatch knows of one lane. */
export const LaneDetail = LaneSummary.extend({
  settings: LaneSettings.describe('What was asked for; sent with every turn'),
  effective: EffectiveSettings.nullable().describe('What Codex reported as in force, or null'),
  usage: TokenUsage.nullable().describe('Tokens that the thread has used, or null'),
  lastMessage: z
    .string()
    .nullable()
    .describe('The final message of the last completed turn, or null'),
  goal: Goal.nullable().describe('Its goal as dispatch last heard of it, or null'),
  queue: QueueState.describe('How its queue stands'),
  deliveries: z.array(Delivery).describe('Deliveries that are not settled, oldest first'),
  requests: z.array(Request).describe('What Codex waits to be told, oldest first'),
  laneTools: LaneTools.describe('Tools of dispatch that Codex started its thread with'),
  parent: z
    .strictObject({
      ref: z.string().describe('Its ref'),
      id: z.string().describe('Its thread id'),
      handle: z.string().describe('Its handle'),
    })
    .nullable()
    .describe('The lane whose agent made it, or null'),
  index: LaneIndex.describe('How far query knows it'),
  transcript: z
    .array(TranscriptItem)
    .nullable()
    .describe('The newest items where they were asked for'),
})

export type LaneIdentity = z.output<typeof LaneIdentity>
export type LaneSummary = z.output<typeof LaneSummary>
export type LaneDetail = z.output<typeof LaneDetail>
export type LaneStatus = z.output<typeof LaneStatus>
export type LaneSource = z.output<typeof LaneSource>
