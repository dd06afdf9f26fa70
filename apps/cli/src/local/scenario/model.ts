// Which model a scenario is played on, with the caller's own login.
import type { ModelsResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import type { ScenarioFile } from '@dispatch/contract/scenario-file'

/** What each lane is made with; without a model it is that of Codex. */
export type Choice = { model?: string; effort?: string }

/** Chooses; throws `validation` where the preferred one is not offered and no other is allowed. */
export const chooseModel = (scenario: ScenarioFile, { models }: ModelsResult): Choice => {
  const { preferred_model: model, allow_model_fallback: mayFallBack = false, effort } = scenario
  const chosen = effort === undefined ? {} : { effort }
  if (model === undefined) return chosen
  if (models.some(({ id }) => id === model)) return { ...chosen, model }
  if (mayFallBack) return chosen
  throw new DispatchError('validation', `Codex does not offer ${model}.`, {
    hint: 'dispatch models; or allow_model_fallback = true in the scenario',
    details: { models: models.map(({ id }) => id) },
  })
}
