// What every room stands on: the registry, its events, the audit trail, the configuration, the workers
// of lanes. Nothing here knows of Codex but where its home is.
import type { HomePaths } from '@dispatch/contract/home'
import type { Store } from '@dispatch/store'
import { makeAudit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import { makeTurnstile } from '../clock/turnstile.ts'
import { codexHomeOf, keepCodexHome } from '../codex/codex-home.ts'
import { configurationOf } from '../config/configuration.ts'
import { makeEventLog } from '../events/event-log.ts'
import { makeSignal } from '../events/signal.ts'
import type { Host } from '../host/host.ts'
import { makeLaneChanges } from '../lanes/lane-changes.ts'
import { threadToLabel } from '../lanes/lane-view.ts'
import { makeLaneWorkers } from '../lanes/lane-worker.ts'
import type { Log } from '../log/log.ts'
import { makeFullness } from '../registry/fullness.ts'
import { homeIdOf } from '../registry/home-id.ts'
import { configToRetention, keepRetention } from '../registry/retention.ts'

/** What it is made of; the home is locked and the registry open. */
export type GroundOptions = {
  host: Host
  paths: HomePaths
  store: Store
  log: Log
  clock: Clock
}

type Keeping = {
  /** Owns what is made. */
  stack: AsyncDisposableStack
  /** The registry has room again. */
  regained: () => void
}

/** Lays it. */
export const layGround = (options: GroundOptions, { stack, regained }: Keeping) => {
  const { host, paths, log, clock } = options
  const fullness = stack.use(makeFullness({ store: options.store, clock, log, regained }))
  const { store } = fullness
  const homeId = homeIdOf(store)
  const codexHome = codexHomeOf(host)
  keepCodexHome(store, codexHome.path)
  store.events.beginEpoch()

  const configuration = configurationOf(host, paths)
  const events = makeEventLog({ store, clock, log, label: (id) => threadToLabel(store, id) })
  const retention = () => configToRetention(configuration.daemon())
  stack.use(keepRetention({ store, clock, log, retention }))
  const audited = makeSignal(log)
  const audit = makeAudit({ store, clock, log, appended: audited, refuse: fullness.refuse })
  const workers = makeLaneWorkers()
  const changes = makeLaneChanges(clock)
  return {
    pass: makeTurnstile(),
    store,
    clock,
    log,
    events,
    audit,
    workers,
    changes,
    configuration,
    homeId,
    fullness,
    codexHome,
    audited,
  }
}

/** What it gives to every room. */
export type Ground = Omit<ReturnType<typeof layGround>, 'audited' | 'codexHome' | 'fullness'>
