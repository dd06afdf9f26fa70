// Whether a model, an effort and a service tier that were asked for go together, by the catalogue. Codex
// itself takes an unknown model and drops an unknown tier without a word. Pure.
import type { CatalogueModel, ConfiguredDefault } from '@dispatch/contract'

/** What was asked for. */
export type AskedSettings = {
  model?: string | undefined
  modelProvider?: string | undefined
  effort?: string | undefined
  serviceTier?: string | undefined
}

/** What the catalogue knows. */
export type Catalogue = {
  /** The provider whose models it lists. */
  provider: string
  models: readonly CatalogueModel[]
  configured: ConfiguredDefault | null
}

/** Fine, with the tier as Codex is to be sent; or why not, with what there is instead. */
export type Judgement =
  | { fine: true; serviceTier: string | undefined }
  | { fine: false; what: 'model' | 'effort' | 'serviceTier'; message: string; available: string[] }

// These mean no tier in particular, with every model.
const neutralTiers = ['auto', 'default']

const refused = (
  what: 'model' | 'effort' | 'serviceTier',
  message: string,
  available: string[],
): Judgement => ({ fine: false, what, message, available })

const tierOf = (model: CatalogueModel, asked: string): string | null => {
  const word = asked.toLowerCase()
  const tier = model.serviceTiers.find(
    ({ id, name }) => id.toLowerCase() === word || name.toLowerCase() === word,
  )
  return tier?.id ?? (Object.hasOwn(model.aliases, word) ? (model.aliases[word] ?? null) : null)
}

const tiersOf = ({ serviceTiers, aliases }: CatalogueModel): string[] => [
  ...serviceTiers.map(({ id, name }) => `${id} (${name})`),
  ...Object.keys(aliases).filter(
    (word) => !serviceTiers.some(({ name }) => name.toLowerCase() === word),
  ),
  ...neutralTiers,
]

const judgeModel = (model: CatalogueModel, asked: AskedSettings): Judgement => {
  const { effort, serviceTier } = asked
  const efforts = model.supportedReasoningEfforts
  if (effort !== undefined && efforts.length > 0 && !efforts.includes(effort)) {
    return refused('effort', `${model.id} has no effort "${effort}".`, efforts)
  }
  if (serviceTier === undefined || neutralTiers.includes(serviceTier.toLowerCase())) {
    return { fine: true, serviceTier }
  }
  const tier = tierOf(model, serviceTier)
  if (tier !== null) return { fine: true, serviceTier: tier }
  return refused('serviceTier', `${model.id} has no service tier "${serviceTier}".`, tiersOf(model))
}

/** Judges what was asked for. Of a provider that the catalogue does not list, nothing is known and all is fine. */
export const judgeSettings = (asked: AskedSettings, catalogue: Catalogue): Judgement => {
  const { models, configured, provider: listed } = catalogue
  const fine: Judgement = { fine: true, serviceTier: asked.serviceTier }
  const provider = asked.modelProvider ?? configured?.modelProvider ?? listed
  if (provider !== listed || models.length === 0) return fine
  const wanted = asked.model ?? configured?.model ?? models.find(({ isDefault }) => isDefault)?.id
  const model = models.find(({ id }) => id === wanted)
  if (model) return judgeModel(model, asked)
  // What Codex's own configuration names, Codex answers for.
  if (asked.model === undefined || asked.model === configured?.model) return fine
  const shown = models.filter(({ hidden }) => !hidden).map(({ id }) => id)
  return refused('model', `Codex has no model "${asked.model}".`, shown)
}
