// attach, detach, adopt, release: which threads dispatch has, and who may write them.
import { z } from 'zod'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { LaneSync } from './sync-state.ts'
import { RawThreadId } from './thread.ts'

export const AttachInput = z.strictObject({
  thread: RawThreadId.meta({ positional: true }),
  sync: z.boolean().optional().describe('Sync at once: head and tail of its rollout file'),
})

export const AttachResult = LaneIdentity.extend({
  model: z.string().nullable().describe('The model that Codex reported, or null'),
  runningElsewhere: z.boolean().describe('Whether another process holds the thread'),
  sync: LaneSync.describe('What is known of its history'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const DetachInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const DetachPlan = z.strictObject({
  destroys: z.boolean().describe('Whether the lane is an own one, so that its registry is lost'),
  losses: z.array(z.string()).describe('What would be lost, a sentence each'),
})

const LetGo = LaneIdentity.extend({
  unloaded: z.boolean().describe('Whether the App Server let the thread go'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const DetachResult = LetGo.extend({
  managed: z.literal(false).describe('It is no lane any more'),
})

export const AdoptInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const AdoptResult = LaneIdentity.extend({
  model: z.string().nullable().describe('The model in force, or null'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const ReleaseInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const ReleaseResult = LetGo.extend({})

export type AttachInput = z.output<typeof AttachInput>
export type AttachResult = z.output<typeof AttachResult>
export type DetachInput = z.output<typeof DetachInput>
export type DetachPlan = z.output<typeof DetachPlan>
export type DetachResult = z.output<typeof DetachResult>
export type AdoptInput = z.output<typeof AdoptInput>
export type AdoptResult = z.output<typeof AdoptResult>
export type ReleaseInput = z.output<typeof ReleaseInput>
export type ReleaseResult = z.output<typeof ReleaseResult>
