// The catalogue of models: asked of Codex, kept in the registry as it was seen last, and what settings
// are checked against before a thread is made with them.
import {
  type CatalogueModel,
  type ConfiguredDefault,
  DispatchError,
  type ModelsInput,
  type ModelsResult,
} from '@dispatch/contract'
import type { CodexClient } from '@dispatch/codex-client'
import { DiskFullError, type Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CatalogueReader } from '../codex/catalogue-reader.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { type AskedSettings, judgeSettings } from './judge-settings.ts'

type CatalogueOptions = {
  store: Store
  clock: Clock
  link: CodexLink
  reader: CatalogueReader
  /** The provider whose models it lists. */
  provider: string
}

/** The catalogue as it was seen last. */
type Seen = { refreshedAt: number; models: CatalogueModel[]; configured: ConfiguredDefault | null }

/** From where settings are asked for, and what is in force there already. */
export type CheckAt = {
  cwd: string
  signal: AbortSignal
  inForce?: { model: string | null; modelProvider: string | null } | null
}

/** The catalogue of models. */
export type ModelCatalogue = {
  models(input: ModelsInput, signal: AbortSignal): Promise<ModelsResult>
  /**
   * The same settings, the service tier as Codex knows it; throws `validation` with what there is where
   * model, effort or tier is none of the catalogue's. Fine where nothing of them is asked for, and
   * where nothing is known: with another provider, or while Codex was never asked.
   */
  check<Settings extends AskedSettings>(settings: Settings, at: CheckAt): Promise<Settings>
}

const KEY = 'codex.catalogue'

const nothingConfigured: ConfiguredDefault = {
  model: null,
  modelProvider: null,
  serviceTier: null,
  modelReasoningEffort: null,
}

const labels = { model: 'models', effort: 'efforts', serviceTier: 'service tiers' } as const

/** Makes the catalogue. */
export const makeModelCatalogue = (options: CatalogueOptions): ModelCatalogue => {
  const { store, clock, link, reader, provider } = options

  const seen = (): Seen | null => store.runtime.get(KEY) as Seen | null

  // What was just read is told, whether or not there is room to keep it.
  const keep = (now: Seen): Seen => {
    try {
      store.runtime.set(KEY, now)
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error
    }
    return now
  }

  const refresh = async (client: CodexClient, signal: AbortSignal | undefined): Promise<Seen> => {
    try {
      const [models, configured] = await Promise.all([
        reader.models(client, signal),
        reader.configured(client, signal ? { signal } : {}),
      ])
      return keep({ refreshedAt: clock.now(), models, configured })
    } catch (error) {
      throw codexFailureToError(error)
    }
  }

  const live = async (signal: AbortSignal): Promise<Seen> => {
    try {
      return await refresh(await link.client(signal), signal)
    } catch (error) {
      if (!(error instanceof DispatchError) || error.code !== 'app_server') throw error
      throw new DispatchError(error.code, error.message, {
        hint: 'dispatch models --no-refresh shows what was seen last.',
        ...(error.details ? { details: error.details } : {}),
        cause: error,
      })
    }
  }

  // The configuration costs a few milliseconds, where Codex is there to be asked.
  const lastSeen = async (): Promise<Seen | null> => {
    const last = seen()
    const client = link.current()
    if (!client) return last
    try {
      const configured = await reader.configured(client, {})
      return { refreshedAt: last?.refreshedAt ?? 0, models: last?.models ?? [], configured }
    } catch {
      return last
    }
  }

  const models = async (input: ModelsInput, signal: AbortSignal): Promise<ModelsResult> => {
    const asks = input.refresh ?? true
    const found = asks ? await live(signal) : await lastSeen()
    const empty = found === null || found.models.length === 0
    const shown = (found?.models ?? []).filter(({ hidden }) => input.includeHidden || !hidden)
    return {
      refreshedAt: found?.refreshedAt ? new Date(found.refreshedAt).toISOString() : null,
      source: asks ? 'app-server' : 'registry',
      catalogState: empty ? 'empty' : asks ? 'live' : 'cached',
      configuredDefault: found?.configured ?? null,
      models: shown,
    }
  }

  // A project's own configuration may name another provider, and a lane has settled already.
  const configuredAt = async (now: Seen, { cwd, signal, inForce }: CheckAt) => {
    const client = link.current()
    const configured = client
      ? await reader.configured(client, { cwd, signal })
      : (now.configured ?? nothingConfigured)
    return {
      ...configured,
      model: inForce?.model ?? configured.model,
      modelProvider: inForce?.modelProvider ?? configured.modelProvider,
    }
  }

  const known = async (at: CheckAt): Promise<Seen | null> => {
    const client = link.current()
    const now = client ? await refresh(client, at.signal) : seen()
    if (!now) return null
    try {
      return { ...now, configured: await configuredAt(now, at) }
    } catch (error) {
      throw codexFailureToError(error)
    }
  }

  const isAsked = ({ model, effort, serviceTier }: AskedSettings): boolean =>
    model !== undefined || effort !== undefined || serviceTier !== undefined

  return {
    models,
    check: async (settings, at) => {
      if (!isAsked(settings)) return settings
      const now = await known(at)
      if (!now) return settings
      const judged = judgeSettings(settings, { ...now, provider })
      if (!judged.fine) {
        const { what, message, available } = judged
        throw new DispatchError('validation', `${message} Available: ${available.join(', ')}.`, {
          hint: 'dispatch models',
          details: { [what]: settings[what], available, availableOf: labels[what] },
        })
      }
      const { serviceTier } = judged
      return serviceTier === settings.serviceTier ? settings : { ...settings, serviceTier }
    },
  }
}
