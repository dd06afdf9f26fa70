// What sync has found of a thread, as get and list show it.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'

/**
 * unknown: never synced; metadata: Codex's metadata alone; partial: head and tail of the rollout;
 * complete: all of it up to the last sync; error: the file could not be read.
 */
export const SyncState = z.enum(['unknown', 'metadata', 'partial', 'complete', 'error'])

export const LaneSync = z.strictObject({
  state: SyncState.describe('unknown, metadata, partial, complete or error'),
  lastSyncedAt: Timestamp.nullable().describe('When it was last synced, or null'),
  sourcePath: z.string().nullable().describe('The rollout file, or null'),
  sourceSize: z.number().int().nullable().describe('Its size in bytes at that time, or null'),
  latestEventAt: Timestamp.nullable().describe('When the newest record was written, or null'),
  latestTurnId: z.string().nullable().describe('The newest turn in it, or null'),
  transcriptPartial: z.boolean().describe('Whether parts of the file were not read'),
  preview: z.string().nullable().describe('How the thread begins, 200 characters at most, or null'),
  model: z.string().nullable().describe('The model that was used last, or null'),
  error: z.string().nullable().describe('Why the file could not be read, or null'),
})

export type SyncState = z.output<typeof SyncState>
export type LaneSync = z.output<typeof LaneSync>
