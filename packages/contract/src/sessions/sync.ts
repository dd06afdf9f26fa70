// sync: what dispatch keeps of a thread that others write, from Codex's metadata and the rollout file.
import { z } from 'zod'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { LaneSync } from './sync-state.ts'

export const SyncInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  full: z
    .boolean()
    .optional()
    .describe('Read the whole rollout file, not only its head and what is new at its tail'),
})

export const SyncResult = LaneIdentity.extend({
  sync: LaneSync.describe('What is known now'),
  bytesRead: z.number().int().describe('Bytes of the rollout file that were read'),
  badLines: z.number().int().describe('Lines among them that were no records'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export type SyncInput = z.output<typeof SyncInput>
export type SyncResult = z.output<typeof SyncResult>
