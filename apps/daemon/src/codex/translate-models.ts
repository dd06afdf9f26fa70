// Codex's catalogue of models and its configuration of them, in our words.
import type { CatalogueModel, ConfiguredDefault } from '@dispatch/contract'
import { z } from 'zod'

/** The provider whose models the catalogue lists, whatever provider is configured. */
export const CATALOGUE_PROVIDER = 'openai'

const Tier = z.looseObject({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
})

const RawModel = z.looseObject({
  id: z.string(),
  model: z.string().nullish(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  hidden: z.boolean().nullish(),
  isDefault: z.boolean().nullish(),
  defaultReasoningEffort: z.string().nullish(),
  supportedReasoningEfforts: z.array(z.looseObject({ reasoningEffort: z.string() })).nullish(),
  defaultServiceTier: z.string().nullish(),
  serviceTiers: z.array(Tier).nullish(),
  additionalSpeedTiers: z.array(z.string()).nullish(),
})

const FAST = 'fast'

type Tiers = { id: string; name: string }[]

// The tier has an id of its own; its name is what people know. Older servers list the word alone.
const tiersToAliases = (tiers: Tiers, speeds: readonly string[]): Record<string, string> => {
  const named = tiers.find(({ name }) => name.toLowerCase() === FAST)
  if (named) return named.id === FAST ? {} : { [FAST]: named.id }
  return speeds.includes(FAST) ? { [FAST]: FAST } : {}
}

/** A model in our words, or null for what is no model. */
export const modelToCatalogue = (raw: unknown): CatalogueModel | null => {
  const parsed = RawModel.safeParse(raw)
  if (!parsed.success) return null
  const model = parsed.data
  const serviceTiers = (model.serviceTiers ?? []).map(({ id, name, description }) => ({
    id,
    name,
    description: description ?? '',
  }))
  return {
    id: model.model ?? model.id,
    provider: CATALOGUE_PROVIDER,
    displayName: model.displayName ?? model.id,
    description: model.description ?? '',
    isDefault: model.isDefault ?? false,
    hidden: model.hidden ?? false,
    defaultReasoningEffort: model.defaultReasoningEffort ?? null,
    supportedReasoningEfforts: (model.supportedReasoningEfforts ?? []).map(
      ({ reasoningEffort }) => reasoningEffort,
    ),
    defaultServiceTier: model.defaultServiceTier ?? null,
    serviceTiers,
    aliases: tiersToAliases(serviceTiers, model.additionalSpeedTiers ?? []),
  }
}

const RawConfig = z.looseObject({
  model: z.string().nullish(),
  model_provider: z.string().nullish(),
  service_tier: z.string().nullish(),
  model_reasoning_effort: z.string().nullish(),
})

/** What a configuration says of models; of the rest, secrets among it, nothing is taken. */
export const configToDefault = (raw: unknown): ConfiguredDefault => {
  const config = RawConfig.safeParse(raw).data ?? {}
  return {
    model: config.model ?? null,
    modelProvider: config.model_provider ?? null,
    serviceTier: config.service_tier ?? null,
    modelReasoningEffort: config.model_reasoning_effort ?? null,
  }
}
