import type { CatalogueModel } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { type Catalogue, judgeSettings } from './judge-settings.ts'

const model = (id: string, part: Partial<CatalogueModel> = {}): CatalogueModel => ({
  id,
  provider: 'openai',
  displayName: id,
  description: '',
  isDefault: false,
  hidden: false,
  defaultReasoningEffort: 'low',
  supportedReasoningEfforts: ['low', 'high'],
  defaultServiceTier: null,
  serviceTiers: [{ id: 'priority', name: 'Fast', description: '' }],
  aliases: { fast: 'priority' },
  ...part,
})

const catalogue = (part: Partial<Catalogue> = {}): Catalogue => ({
  provider: 'openai',
  models: [
    model('big', { isDefault: true }),
    model('old', { supportedReasoningEfforts: [], serviceTiers: [], aliases: { fast: 'fast' } }),
    model('plain', { serviceTiers: [], aliases: {} }),
    model('secret', { hidden: true }),
  ],
  configured: null,
  ...part,
})

const configured = (part: Partial<NonNullable<Catalogue['configured']>>) => ({
  model: null,
  modelProvider: null,
  serviceTier: null,
  modelReasoningEffort: null,
  ...part,
})

describe('settings against the catalogue', () => {
  it('takes every model that is listed, hidden ones too', () => {
    for (const id of ['big', 'old', 'secret']) {
      expect(judgeSettings({ model: id }, catalogue())).toMatchObject({ fine: true })
    }
  })

  it('refuses an unknown model with those that there are', () => {
    expect(judgeSettings({ model: 'huge' }, catalogue())).toEqual({
      fine: false,
      what: 'model',
      message: 'Codex has no model "huge".',
      available: ['big', 'old', 'plain'],
    })
  })

  it('judges the effort by the model that was asked for, is configured, or is the default', () => {
    const wrong = { fine: false, what: 'effort', available: ['low', 'high'] }
    expect(judgeSettings({ effort: 'max' }, catalogue())).toMatchObject(wrong)
    expect(judgeSettings({ model: 'plain', effort: 'max' }, catalogue())).toMatchObject(wrong)
    // A model that lists no efforts takes any.
    expect(judgeSettings({ model: 'old', effort: 'max' }, catalogue())).toMatchObject({
      fine: true,
    })
    const old = catalogue({ configured: configured({ model: 'old' }) })
    expect(judgeSettings({ effort: 'max' }, old)).toMatchObject({ fine: true })
  })

  it.each([
    ['fast', 'priority'],
    ['Fast', 'priority'],
    ['priority', 'priority'],
    ['auto', 'auto'],
    ['default', 'default'],
  ])('sends the tier %s as %s', (asked, sent) => {
    expect(judgeSettings({ serviceTier: asked }, catalogue())).toEqual({
      fine: true,
      serviceTier: sent,
    })
  })

  it('takes the older word for fast, and refuses a tier that the model has not', () => {
    expect(judgeSettings({ model: 'old', serviceTier: 'fast' }, catalogue())).toEqual({
      fine: true,
      serviceTier: 'fast',
    })
    expect(judgeSettings({ model: 'plain', serviceTier: 'fast' }, catalogue())).toMatchObject({
      fine: false,
      what: 'serviceTier',
      available: ['auto', 'default'],
    })
    expect(judgeSettings({ serviceTier: 'flex' }, catalogue())).toMatchObject({
      available: ['priority (Fast)', 'auto', 'default'],
    })
    expect(judgeSettings({ serviceTier: 'constructor' }, catalogue())).toMatchObject({
      fine: false,
    })
  })

  it('knows nothing of another provider, asked for or configured, nor of an empty catalogue', () => {
    const asked = { model: 'simulated-model', effort: 'odd', serviceTier: 'odd' }
    const fine = { fine: true, serviceTier: 'odd' }
    const other = catalogue({ configured: configured({ modelProvider: 'simulator' }) })
    expect(judgeSettings(asked, other)).toEqual(fine)
    expect(judgeSettings({ ...asked, modelProvider: 'simulator' }, catalogue())).toEqual(fine)
    expect(judgeSettings(asked, catalogue({ models: [] }))).toEqual(fine)
    expect(judgeSettings({ ...asked, modelProvider: 'openai' }, other)).toMatchObject({
      fine: false,
    })
  })

  it('leaves to Codex what its own configuration names', () => {
    const mine = catalogue({ configured: configured({ model: 'preview' }) })
    expect(judgeSettings({ effort: 'odd' }, mine)).toMatchObject({ fine: true })
    expect(judgeSettings({ model: 'preview' }, mine)).toMatchObject({ fine: true })
    expect(judgeSettings({ model: 'other' }, mine)).toMatchObject({ fine: false })
  })
})
