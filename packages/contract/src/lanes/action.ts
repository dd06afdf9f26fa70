// stop, rename, archive, restore: short actions on lanes.
import { z } from 'zod'
import { LaneName, Selector } from '../fields.ts'
import { ThreadIdentity } from '../sessions/thread.ts'
import { LaneIdentity } from './lane.ts'

export const StopInput = z.strictObject({
  lane: Selector.optional().meta({ positional: true }),
  all: z.boolean().optional().describe('Every lane that has an active turn or goal'),
})

export const StopResult = z.strictObject({
  lanes: z
    .array(
      LaneIdentity.extend({
        turnId: z.string().nullable().describe('The turn that was stopped, or null'),
        stopped: z.boolean().describe('Whether the turn was interrupted'),
        goalPaused: z.boolean().describe('Whether its active goal was paused'),
        reason: z.string().nullable().describe('Why it was not, or null'),
      }),
    )
    .describe('What became of each lane'),
})

export const RenameInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  name: LaneName.meta({ positional: true }).describe('The new name'),
})

export const ArchiveInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  force: z.boolean().optional().describe('Stop an active turn first'),
})

export const RestoreInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

/** Also of threads that are no lanes: these three take a raw thread id. */
export const ActionResult = ThreadIdentity.extend({
  notes: z.array(z.string()).describe('What the caller should know, such as a changed handle'),
})

export type StopInput = z.output<typeof StopInput>
export type StopResult = z.output<typeof StopResult>
export type RenameInput = z.output<typeof RenameInput>
export type ArchiveInput = z.output<typeof ArchiveInput>
export type RestoreInput = z.output<typeof RestoreInput>
export type ActionResult = z.output<typeof ActionResult>
