// Reads the catalogue of models and what Codex's configuration says of them.
import type { CodexClient } from '@dispatch/codex-client'
import { configToDefault, modelToCatalogue } from './translate-models.ts'

type Model = NonNullable<ReturnType<typeof modelToCatalogue>>
type Configured = ReturnType<typeof configToDefault>

type Page = { data: unknown[]; nextCursor: string | null }

/** Reads from a connected Codex. */
export type CatalogueReader = {
  /** Every page of the catalogue, hidden models too, in Codex's order. */
  models(client: CodexClient, signal?: AbortSignal): Promise<Model[]>
  /** As seen from that directory, where one is given. */
  configured(client: CodexClient, at: { cwd?: string; signal?: AbortSignal }): Promise<Configured>
}

/** Reads catalogues. */
export const catalogueReader: CatalogueReader = {
  models: async (client, signal) => {
    const models: Model[] = []
    const seen = new Set<string>()
    for (let cursor: string | null = null; ;) {
      const params = { includeHidden: true, cursor }
      const page: Page = await client.request('model/list', params, signal ? { signal } : {})
      models.push(...page.data.flatMap((model) => modelToCatalogue(model) ?? []))
      const { nextCursor } = page
      // A server that gives the same page for ever would never let us go.
      if (nextCursor === null || seen.has(nextCursor)) return models
      seen.add(nextCursor)
      cursor = nextCursor
    }
  },
  configured: async (client, { cwd, signal }) => {
    const params = cwd === undefined ? {} : { cwd }
    const { config } = await client.request('config/read', params, signal ? { signal } : {})
    return configToDefault(config)
  },
}
