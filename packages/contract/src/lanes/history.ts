// fork, compact, rollback: what Codex does with the history of a lane.
import { z } from 'zod'
import { LaneName, Selector } from '../fields.ts'
import { LaneIdentity } from './lane.ts'
import { EffectiveSettings } from './settings.ts'

const TurnId = z.string().min(1).max(100)

const notes = z.array(z.string()).describe('What the caller should know')

export const ForkInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  name: LaneName.meta({ alias: 'n' }).describe('Name of the new lane'),
  lastTurnId: TurnId.optional().describe(
    'The last turn that the new lane has of the old one; the newest when absent',
  ),
})

export const ForkResult = LaneIdentity.extend({
  forkedFrom: z
    .strictObject({
      ref: z.string().describe('Its ref'),
      id: z.string().describe('Its thread id'),
    })
    .describe('The lane that it has its history from'),
  lastTurnId: z.string().nullable().describe('The last turn that they share, or null'),
  effective: EffectiveSettings.describe('What Codex reported as in force'),
  notes,
})

export const CompactInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const CompactResult = LaneIdentity.extend({
  turnId: z
    .string()
    .nullable()
    .describe('The turn that compacts, or null where Codex had not begun it within 10 s'),
  notes,
})

export const RollbackInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  turns: z.number().int().min(1).max(1_000).describe('How many turns to take back'),
})

export const RollbackResult = LaneIdentity.extend({
  removedTurns: z.array(z.string()).describe('The turns that are gone, newest first'),
  latestTurnId: z.string().nullable().describe('The turn that is the newest now, or null'),
  notes,
})

export type ForkInput = z.output<typeof ForkInput>
export type ForkResult = z.output<typeof ForkResult>
export type CompactInput = z.output<typeof CompactInput>
export type CompactResult = z.output<typeof CompactResult>
export type RollbackInput = z.output<typeof RollbackInput>
export type RollbackResult = z.output<typeof RollbackResult>
