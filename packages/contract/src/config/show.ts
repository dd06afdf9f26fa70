// config show, config trust: what the configuration comes to, and what a repository may ask.
import { z } from 'zod'
import { PresetName } from '../fields.ts'
import { ResolvedValue } from './resolved.ts'

/** A configuration file that counts. */
const ConfigSource = z.strictObject({
  path: z.string().describe('The file'),
  layer: z.enum(['global', 'repo']).describe('Whose it is'),
  exists: z.boolean().describe('Whether there is one'),
  presets: z.array(z.string()).describe('The presets that it has'),
  needsTrust: z
    .array(z.string())
    .describe('What it sets that a repository is trusted with only by dispatch config trust'),
  trusted: z.boolean().describe('Whether it may set that'),
})

const from = z
  .string()
  .min(1)
  .optional()
  .meta({ path: true })
  .describe("Directory to look from, upward; the caller's when absent")

export const ConfigShowInput = z.strictObject({
  presets: z
    .array(PresetName)
    .max(20)
    .optional()
    .meta({ flag: 'preset' })
    .describe('Presets to apply, as new --preset does'),
  cwd: from,
})

export const ConfigShowResult = z.strictObject({
  files: z.array(ConfigSource).describe('The files, the one that wins last'),
  values: z
    .array(ResolvedValue)
    .describe('Every value: for new lanes, then of the daemon. Those of daemon.env are not shown'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const ConfigTrustInput = z.strictObject({
  cwd: from,
  revoke: z.boolean().optional().describe('Take the trust back'),
})

export const ConfigTrustResult = z.strictObject({
  file: z.string().describe('The file'),
  hash: z.string().describe('SHA-256 of its content: another content needs trust anew'),
  trusted: z.boolean().describe('Whether the file is trusted now'),
  grants: z.array(z.string()).describe('What it may set therefore'),
})

export type ConfigShowInput = z.output<typeof ConfigShowInput>
export type ConfigShowResult = z.output<typeof ConfigShowResult>
export type ConfigTrustInput = z.output<typeof ConfigTrustInput>
export type ConfigTrustResult = z.output<typeof ConfigTrustResult>
