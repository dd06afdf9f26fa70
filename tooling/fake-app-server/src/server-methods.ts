/** Greeting, diagnostics, and what is read about models and configuration. */
import { Refusal } from './failure.ts'
import type { Method } from './method.ts'
import { version } from './thread-record.ts'

interface InitializeParams {
  clientInfo?: { name: string; version: string }
  capabilities?: { optOutNotificationMethods?: string[] } | null
}

const initialize: Method = (params, { store }, peer) => {
  const { clientInfo, capabilities } = params as InitializeParams
  if (peer.clientName !== undefined) throw new Refusal('Already initialized')
  if (!clientInfo) throw new Refusal('Invalid request: missing field `clientInfo`')
  const { name, version: clientVersion } = clientInfo
  peer.clientName = name
  for (const method of capabilities?.optOutNotificationMethods ?? []) peer.optOut.add(method)
  const userAgent = `${name}/${version} (fake; x86_64) unknown (${name}; ${clientVersion})`
  return { userAgent, codexHome: store.home, platformFamily: 'unix', platformOs: 'linux' }
}

const diagnostics: Method = (_params, { process, requestsInFlight, store, running }) => {
  const gauges = {
    'app.requests.in_flight': requestsInFlight(),
    'app.requests.queued': 0,
    'core.threads.live': store.loaded.size,
    'core.turns.active': running.size,
  }
  const residentMemoryBytes = process.memoryBytes()
  return {
    process: { id: process.pid, residentMemoryBytes, physicalFootprintBytes: null },
    gauges: Object.entries(gauges).map(([name, value]) => ({ name, value })),
  }
}

const efforts = ['low', 'medium', 'high'].map((reasoningEffort) => ({
  reasoningEffort,
  description: `${reasoningEffort} effort`,
}))

const model = {
  id: 'fake-model',
  model: 'fake-model',
  upgrade: null,
  upgradeInfo: null,
  availabilityNux: null,
  displayName: 'Fake',
  description: 'The model of the fake app-server.',
  modelSpecialty: null,
  hidden: false,
  supportedReasoningEfforts: efforts,
  defaultReasoningEffort: 'low',
  inputModalities: ['text'],
  supportsPersonality: false,
  multiAgentVersion: null,
  additionalSpeedTiers: [],
  serviceTiers: [{ id: 'priority', name: 'Fast', description: 'Faster.' }],
  defaultServiceTier: null,
  availableAccessPrograms: null,
  isDefault: true,
}

export const serverMethods: Record<string, Method> = {
  initialize,
  'server/diagnostics': diagnostics,
  'model/list': () => ({ data: [model], nextCursor: null }),
  'config/read': () => ({
    config: { model: 'fake-model', model_provider: 'fake' },
    origins: {},
    layers: null,
  }),
  'account/read': () => ({
    account: null,
    userId: null,
    requiresOpenaiAuth: false,
    workspaceRouting: null,
  }),
}
