// Every op of the contract that the daemon has, from the rooms; held to what their callers may do, with
// a word where their CODEX_HOME is another, and each failure told in words.
import type { DaemonServices } from '@dispatch/contract'
import { tellHomes } from '../codex/caller-home.ts'
import { makeConfigService } from '../config/config-service.ts'
import type { Deliveries } from '../deliveries/deliveries.ts'
import { findWaiting } from '../deliveries/find-delivery.ts'
import type { Goals } from '../goals/goals.ts'
import type { HeldCaller } from '../lane-tools/held-caller.ts'
import { holdServices } from '../lane-tools/held-services.ts'
import { type makeLaneFinder, resolveLane } from '../lanes/lane-resolver.ts'
import type { Lanes } from '../lanes/lanes.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import type { Notifier } from '../notify/notifier.ts'
import { makeNotifyService } from '../notify/notify-service.ts'
import { guardServices } from '../registry/guarded-services.ts'
import type { Requests } from '../requests/requests.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Indexing } from '../sync/indexing/indexing.ts'
import { makeQuery } from '../sync/indexing/query.ts'
import type { Triggers } from '../triggers/triggers.ts'
import type { Ground } from './ground.ts'

type ServicesOptions = Ground & {
  find: ReturnType<typeof makeLaneFinder>
  heldCaller: HeldCaller
  lanes: Lanes
  sessions: Sessions
  delivering: Deliveries
  goals: Goals
  requests: Requests
  triggers: Triggers
  indexing: Indexing
  catalogue: ModelCatalogue
  notifier: Notifier
  daemon: DaemonServices['daemon']
  /** The CODEX_HOME that the daemon works with. */
  codexHome: string
}

/** Puts them together. */
export const makeServices = (options: ServicesOptions): DaemonServices => {
  const { store, audit, configuration, find, indexing, catalogue, daemon } = options
  const { lanes, sessions, delivering, goals, requests, triggers, notifier } = options
  const services: DaemonServices = {
    ...lanes.services,
    ...sessions.services,
    ...delivering.services,
    query: makeQuery({ store, clock: options.clock, indexing, resolve: find.reading }),
    goal: goals.service,
    models: (input, call) => catalogue.models(input, call.signal),
    notify: makeNotifyService({ audit, notifier }),
    request: requests.services,
    trigger: triggers.service,
    config: makeConfigService({ configuration, audit }),
    daemon,
  }
  // What [daemon.env] names is meant for every shell.
  const told = configuration.daemon().daemon.env['CODEX_HOME']
    ? services
    : tellHomes(services, options.codexHome)
  const held = holdServices(told, {
    ...options,
    resolve: (selector, mode) => resolveLane(store, selector, mode),
    waiting: (id) => findWaiting(store, id),
  })
  return guardServices(held)
}
