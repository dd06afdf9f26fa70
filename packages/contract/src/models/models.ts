// models: the catalogue that Codex offers, live or as it was seen last.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'

const ServiceTier = z.strictObject({
  id: z.string().describe('What Codex is sent'),
  name: z.string().describe('What people call it'),
  description: z.string().describe('What it does'),
})

/** A model of the catalogue. */
export const CatalogueModel = z.strictObject({
  id: z.string().describe('What --model takes'),
  provider: z.string().describe('The provider that serves it'),
  displayName: z.string().describe('Its name for people'),
  description: z.string().describe('What it is for'),
  isDefault: z.boolean().describe('Whether Codex takes it where nobody says otherwise'),
  hidden: z.boolean().describe('Whether Codex leaves it out of its own lists'),
  defaultReasoningEffort: z.string().nullable().describe('Effort where nobody says otherwise'),
  supportedReasoningEfforts: z.array(z.string()).describe('What --effort takes with it'),
  defaultServiceTier: z.string().nullable().describe('Tier where nobody says otherwise, or null'),
  serviceTiers: z.array(ServiceTier).describe('What --service-tier takes with it'),
  aliases: z
    .record(z.string(), z.string())
    .describe('Further words that --service-tier takes, and the tier that each means'),
})

/** What Codex's own configuration says. */
export const ConfiguredDefault = z.strictObject({
  model: z.string().nullable().describe('Model, or null'),
  modelProvider: z.string().nullable().describe('Provider of the model, or null'),
  serviceTier: z.string().nullable().describe('Service tier, or null'),
  modelReasoningEffort: z.string().nullable().describe('Reasoning effort, or null'),
})

export const ModelsInput = z.strictObject({
  refresh: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Ask Codex; on when absent. --no-refresh answers from what was seen last'),
  includeHidden: z
    .boolean()
    .optional()
    .describe("Also the models that Codex's own lists leave out"),
})

export const ModelsResult = z.strictObject({
  refreshedAt: Timestamp.nullable().describe('When Codex was asked, or null where it never was'),
  source: z.enum(['app-server', 'registry']).describe('Where the models come from'),
  catalogState: z
    .enum(['live', 'cached', 'empty'])
    .describe('live: asked now; cached: seen earlier; empty: never seen'),
  configuredDefault: ConfiguredDefault.nullable().describe(
    "What Codex's configuration says, or null where it was never seen",
  ),
  models: z.array(CatalogueModel).describe("The models, in Codex's order"),
})

export type CatalogueModel = z.output<typeof CatalogueModel>
export type ConfiguredDefault = z.output<typeof ConfiguredDefault>
export type ModelsInput = z.output<typeof ModelsInput>
export type ModelsResult = z.output<typeof ModelsResult>
