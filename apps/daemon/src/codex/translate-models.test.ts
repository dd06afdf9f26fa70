import type { CodexClient } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { catalogueReader } from './catalogue-reader.ts'
import { configToDefault, modelToCatalogue } from './translate-models.ts'

describe('models in our words', () => {
  it('takes the word that is sent as the id, and fast by the name of its tier', () => {
    const raw = {
      id: 'preset-id',
      model: 'gpt',
      displayName: 'GPT',
      supportedReasoningEfforts: [{ reasoningEffort: 'low', description: 'x' }],
      serviceTiers: [{ id: 'priority', name: 'Fast', description: 'y' }],
      additionalSpeedTiers: ['fast'],
      somethingNew: 1,
    }
    expect(modelToCatalogue(raw)).toMatchObject({
      id: 'gpt',
      displayName: 'GPT',
      supportedReasoningEfforts: ['low'],
      aliases: { fast: 'priority' },
      hidden: false,
    })
  })

  it('takes what older servers say, and nothing for what is no model', () => {
    expect(modelToCatalogue({ id: 'a', additionalSpeedTiers: ['fast'] })?.aliases).toEqual({
      fast: 'fast',
    })
    expect(modelToCatalogue({ id: 'a' })).toMatchObject({ aliases: {}, serviceTiers: [] })
    expect(modelToCatalogue('a')).toBeNull()
  })

  it('takes four fields of a configuration and no secret', () => {
    const config = { model: 'm', model_provider: 'p', experimental_bearer_token: 'sk' }
    expect(configToDefault(config)).toEqual({
      model: 'm',
      modelProvider: 'p',
      serviceTier: null,
      modelReasoningEffort: null,
    })
    expect(configToDefault(null)).toMatchObject({ model: null })
  })
})

describe('the catalogue', () => {
  const paged = (next: (cursor: string | null) => string | null): CodexClient => {
    const request = async (_: string, { cursor }: { cursor: string | null }) => ({
      data: [{ id: `after-${cursor}` }],
      nextCursor: next(cursor),
    })
    return { request } as unknown as CodexClient
  }

  it('is read over all its pages', async () => {
    const pages: Record<string, string> = { null: 'a', a: 'b' }
    const models = await catalogueReader.models(paged((cursor) => pages[String(cursor)] ?? null))
    expect(models.map(({ id }) => id)).toEqual(['after-null', 'after-a', 'after-b'])
  })

  it('ends where a server gives the same page for ever', async () => {
    expect(await catalogueReader.models(paged(() => 'a'))).toHaveLength(2)
  })
})
