import type { ModelsResult } from '@dispatch/contract'
import type { ScenarioFile } from '@dispatch/contract/scenario-file'
import { expect, test } from 'vitest'
import { chooseModel } from './model.ts'

const offered = { models: [{ id: 'big' }, { id: 'small' }] } as ModelsResult
const scenario = (fields: Partial<ScenarioFile>): ScenarioFile => ({
  name: 'x',
  lanes: [],
  ...fields,
})

test.each([
  [{}, {}],
  [{ effort: 'low' }, { effort: 'low' }],
  [
    { preferred_model: 'small', effort: 'low' },
    { model: 'small', effort: 'low' },
  ],
  [{ preferred_model: 'gone', allow_model_fallback: true }, {}],
])('%j is played with %j', (fields, choice) => {
  expect(chooseModel(scenario(fields), offered)).toEqual(choice)
})

test('a model that is not offered is refused where no other is allowed', () => {
  expect(() => chooseModel(scenario({ preferred_model: 'gone' }), offered)).toThrow(
    expect.objectContaining({ code: 'validation', details: { models: ['big', 'small'] } }),
  )
})
