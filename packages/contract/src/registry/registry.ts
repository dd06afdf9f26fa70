// registry: care for the file that everything dispatch knows is in. Carried out with the daemon down.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'

const Schema = z.number().int()
const db = z.string().describe('The registry')

/** A file that the caller names. */
const FilePath = z.string().min(1).max(4_096).meta({ path: true })

export const MigrateInput = z.strictObject({
  backup: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Copy the registry before an older schema is migrated; on when absent'),
  allowRunning: z
    .boolean()
    .optional()
    .describe(
      'Answer instead of refusing while the daemon runs; only where there is nothing to do',
    ),
})

export const MigrateResult = z.strictObject({
  status: z.literal('ok').describe('ok; what else may be is an error'),
  migrated: z.boolean().describe('Whether the schema changed'),
  db,
  fromSchemaVersion: Schema.describe('Schema before'),
  toSchemaVersion: Schema.describe('Schema now'),
  backup: z.string().nullable().describe('The verified copy that was made before, or null'),
  daemonRunning: z.boolean().describe('Whether a daemon has the registry open'),
})

export const BackupInput = z.strictObject({
  to: FilePath.optional().describe(
    'Where the copy goes, a path that is free; beside the registry when absent',
  ),
})

export const BackupResult = z.strictObject({
  db,
  backup: z.string().describe('The copy, readable by you alone'),
  bytes: z.number().int().describe('Its size'),
  schemaVersion: Schema.describe('Schema of the copy'),
  verified: z.literal(true).describe('SQLite found no fault in the copy'),
})

export const RestoreBackupInput = z.strictObject({
  file: FilePath.meta({ positional: true, path: true }).describe('The copy to put back'),
})

export const RestoreBackupResult = z.strictObject({
  db,
  restored: z.string().describe('The copy that was put back; it stays where it is'),
  replaced: z.string().nullable().describe('Where the replaced registry is kept, or null'),
  schemaVersion: Schema.describe('Schema of what was put back; an older one is migrated by up'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const VerifyInput = z.strictObject({
  file: FilePath.optional()
    .meta({ positional: true, path: true })
    .describe('A registry or a copy of one; the registry of the home when absent'),
})

export const VerifyResult = z.strictObject({
  status: z.enum(['ok', 'fail']).describe('Whether it can be used'),
  file: z.string().describe('What was looked at'),
  bytes: z.number().int().describe('Its size'),
  schemaVersion: Schema.nullable().describe('Its schema, or null where it cannot be read'),
  supportedVersion: Schema.nullable().describe('The newest schema that this dispatch knows'),
  faults: z.array(z.string()).describe('What is wrong; empty when it is sound'),
  rows: z.record(z.string(), z.number().int()).describe('Rows by table'),
  error: ErrorBodySchema.nullable().describe('Why it cannot be used, or null'),
})

export const PruneInput = z.strictObject({})

export const PruneResult = z.strictObject({
  db,
  events: z.number().int().describe('Events deleted'),
  audit: z.number().int().describe('Rows of the audit trail deleted'),
  deliveries: z.number().int().describe('Receipts deleted that led to no turn'),
  requests: z.number().int().describe('Requests deleted that were answered or ended'),
  triggerRuns: z.number().int().describe('Occurrences of triggers deleted'),
  items: z.number().int().describe('Items of lanes that were archived long ago, deleted'),
  calls: z.number().int().describe('Calls forgotten that made no lane'),
  keys: z.number().int().describe('Idempotency keys forgotten'),
  freedBytes: z.number().int().describe('Bytes given back to the disk'),
})

export type MigrateInput = z.output<typeof MigrateInput>
export type MigrateResult = z.output<typeof MigrateResult>
export type BackupInput = z.output<typeof BackupInput>
export type BackupResult = z.output<typeof BackupResult>
export type RestoreBackupInput = z.output<typeof RestoreBackupInput>
export type RestoreBackupResult = z.output<typeof RestoreBackupResult>
export type VerifyInput = z.output<typeof VerifyInput>
export type VerifyResult = z.output<typeof VerifyResult>
export type PruneInput = z.output<typeof PruneInput>
export type PruneResult = z.output<typeof PruneResult>
