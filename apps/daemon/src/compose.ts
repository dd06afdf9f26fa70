// The composition root: makes every room and ties them together; the only file that knows them all.
// What it makes is owned by one stack and goes in reverse order.
import type { DaemonServices } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import type { Store } from '@dispatch/store'
import { guardServices } from './registry/guarded-services.ts'
import { homeIdOf } from './registry/home-id.ts'
import { configToRetention, keepRetention } from './registry/retention.ts'
import { makeAuditService } from './audit/audit-service.ts'
import { makeAudit } from './audit/audit.ts'
import { makeCallIds } from '@dispatch/contract/call-id'
import type { Clock } from './clock/clock.ts'
import { catalogueReader } from './codex/catalogue-reader.ts'
import { backoffMs } from './codex/backoff.ts'
import { codexHomeOf, keepCodexHome } from './codex/codex-home.ts'
import type { CodexLink } from './codex/codex-link.ts'
import { isPossiblyShared } from './codex/co-clients.ts'
import { makeFileChanges } from './codex/file-changes.ts'
import { historyReader } from './codex/history-reader.ts'
import { makeServerRequests } from './codex/server-requests.ts'
import { serverRecords } from './codex/server-record.ts'
import { CATALOGUE_PROVIDER } from './codex/translate-models.ts'
import { findAncestor } from './codex/thread-parent.ts'
import { threadReader } from './codex/thread-reader.ts'
import { makeWriterLocks } from './codex/writer-locks.ts'
import { codexSocketPath } from './codex/socket-path.ts'
import { makeSupervisor } from './codex/supervisor.ts'
import { makeDeliveryWriter } from './deliveries/delivery-writer.ts'
import { makeGatherEvidence } from './deliveries/evidence.ts'
import { makeReconciliation } from './deliveries/reconciliation.ts'
import { makeSubmission } from './deliveries/submission.ts'
import { makeConfigService } from './config/config-service.ts'
import { configurationOf } from './config/configuration.ts'
import { makeEventLog } from './events/event-log.ts'
import { makeSignal } from './events/signal.ts'
import type { Host } from './host/host.ts'
import { makeLaneCreation } from './lanes/create-lane.ts'
import { makeLaneActions } from './lanes/lane-actions.ts'
import { makeLaneChanges } from './lanes/lane-changes.ts'
import { makeLaneHistory } from './lanes/lane-history.ts'
import { makeLaneLoading } from './lanes/lane-loading.ts'
import { resolveLane } from './lanes/lane-resolver.ts'
import { makeLaneService } from './lanes/lane-service.ts'
import { makeLaneSetting } from './lanes/lane-setting.ts'
import { freeHandle } from './lanes/naming.ts'
import { makeLaneWorkers } from './lanes/lane-worker.ts'
import { makeNewLane } from './lanes/new-lane.ts'
import { makeRejoin } from './lanes/rejoin.ts'
import type { Log } from './log/log.ts'
import { makeModelCatalogue } from './models/catalogue.ts'
import { makeRequests } from './requests/requests.ts'
import { makeSteer } from './requests/steer.ts'
import { makeSessions } from './sessions/sessions.ts'
import { readStatus } from './status/daemon-status.ts'
import { makeDraining } from './status/draining.ts'
import { makeShutdown } from './status/shutdown.ts'
import { makeSync } from './sync/sync.ts'
import { makeFactWriter } from './turns/fact-writer.ts'
import { makeMissedFacts } from './turns/history.ts'
import { makeIngest } from './turns/ingest.ts'
import { makeSending } from './turns/sending.ts'
import { makeStopper } from './turns/stop.ts'
import { makeTail } from './turns/tail.ts'
import { makeWait } from './turns/wait.ts'
import { makeWatch } from './turns/watch.ts'

/** What the daemon is made of; the home is locked and the registry open. */
export type DaemonOptions = {
  host: Host
  paths: HomePaths
  /** The control socket in use. */
  socket: string
  store: Store
  log: Log
  clock: Clock
  random: () => number
  version: string
  /** What starting had to say, such as a migration. */
  notices: readonly string[]
  connections: () => number
  /** Called when the daemon shall end, after the answer is on its way. */
  leave: (options: { codex: boolean }) => void
}

/** The daemon without its socket. */
export type Daemon = AsyncDisposable & {
  services: DaemonServices
  link: CodexLink
}

/** Puts the daemon together. The app-server is looked for at once and in the background. */
export const composeDaemon = (options: DaemonOptions): Daemon => {
  const { host, paths, store, log, clock, random, version } = options
  const stack = new AsyncDisposableStack()
  const startedAt = clock.now()
  const homeId = homeIdOf(store)
  const codexHome = codexHomeOf(host)
  keepCodexHome(store, codexHome.path)
  store.events.beginEpoch()

  const configuration = configurationOf(host, paths)

  const labelOf = (threadId: string) => {
    const lane = store.lanes.get(threadId)
    return lane && { ref: lane.ref, id: lane.threadId, handle: lane.handle }
  }
  const events = makeEventLog({ store, clock, label: labelOf })
  stack.use(
    keepRetention({
      store,
      clock,
      log,
      retention: () => configToRetention(configuration.daemon()),
    }),
  )
  const audited = makeSignal()
  const audit = makeAudit({ store, clock, log, appended: audited })

  const workers = makeLaneWorkers()
  const changes = makeLaneChanges(clock)
  const touched = (threadIds: Iterable<string>): void => changes.touched(threadIds)
  const deliveries = makeDeliveryWriter({ store, clock })

  const afterTurn = (threadId: string): void => {
    loading.idle(threadId)
    link.settled()
    const waiting = store.deliveries.unsettled(threadId)
    if (waiting.some(({ state }) => state === 'submitting')) {
      void workers.run(threadId, () => reconciliation.reconcile(threadId, { load: false }))
    }
  }
  const writer = makeFactWriter({
    store,
    events,
    clock,
    freeHandle: ({ handle }) =>
      freeHandle(handle, (taken) => store.lanes.byLiveHandle(taken) !== null),
    listener: {
      deliveries: (tx, lane, fact) => deliveries.onFact(tx, lane, fact),
      requests: (tx, fact) => requests.onFact(tx, fact),
      touched,
      turnEnded: afterTurn,
      unloaded: (threadId) => {
        loading.unloaded(threadId)
        sessions.unloaded(threadId)
      },
    },
  })
  const ingest = makeIngest({ writer, clock, log })

  const release = (threadId: string): void =>
    void workers.run(threadId, async () => {
      const client = link.current()
      const lane = store.lanes.get(threadId)
      // An ephemeral lane could never be loaded again.
      if (!client || !lane || lane.ephemeral || lane.activeTurnId !== null) return
      // A sub-agent of it waits for an answer, which comes through the lane.
      if (store.requests.countPending(threadId) > 0) return loading.idle(threadId)
      loading.unloaded(threadId)
      await client.request('thread/unsubscribe', { threadId }).catch((error: unknown) => {
        log.debug('lane.release-failed', { thread: threadId, error: String(error) })
      })
    })
  const missedFacts = makeMissedFacts({ store, history: historyReader })
  const locks = makeWriterLocks({
    codexHome: codexHome.path,
    ownPid: () => link.instance()?.pid ?? null,
  })
  const holderOf = locks.elsewhere
  const loaded = (threadId: string, asking: boolean): void => requests.loaded(threadId, asking)
  const loading = stack.use(
    makeLaneLoading({ store, clock, ingest, missedFacts, homeId, holderOf, release, loaded }),
  )

  const requests = stack.use(
    makeRequests({
      store,
      clock,
      log,
      audit,
      events,
      changes,
      host,
      configuration,
      link: () => link,
      mayBeShared: () => isPossiblyShared(link),
      ownerOf: async (threadId) => {
        const isLane = (id: string): boolean => store.lanes.get(id) !== null
        const owner = await findAncestor(await link.client(), threadId, isLane)
        return owner === null ? null : store.lanes.get(owner)
      },
      steer: makeSteer(() => link),
      drain: ingest.drain,
      newId: makeCallIds({
        now: clock.now,
        random: (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
      }),
      resolve: (selector) => resolveLane(store, selector, { reading: true }),
    }),
  )
  const fileChanges = makeFileChanges()
  const rejoin = makeRejoin({
    store,
    clock,
    events,
    link: () => link,
    workers,
    changes,
    loading,
    deliveries,
    reconcile: (threadId) => reconciliation.reconcile(threadId, { load: true }),
  })
  const link = makeSupervisor({
    host,
    clock,
    log,
    random,
    version,
    connection: configuration.daemon().codex.connection,
    records: serverRecords(store),
    socket: codexSocketPath(host, paths.home),
    codexHome: codexHome.path,
    defaultCodexHome: codexHome.isDefault,
    homeId,
    logFile: `${paths.logs}/codex.log`,
    cwd: paths.home,
    from: import.meta.filename,
    listener: {
      ...rejoin,
      joined: (event) => {
        rejoin.joined(event)
        requests.joined(event)
      },
      lost: (event) => {
        rejoin.lost(event)
        requests.lost(event)
      },
    },
    hooks: {
      onNotification: (notification) => {
        fileChanges.take(notification)
        ingest.take(notification)
      },
      serverRequests: makeServerRequests({ listener: requests, fileChanges, clock }),
      onUnknownRequest: ({ id, method, threadId }) =>
        requests.refused({ rpcId: JSON.stringify(id), method, threadId, why: 'unknown method' }),
      onFault: (fault) => log.warn('codex.fault', { error: fault.message }),
    },
  })
  stack.use(link)

  const shared = { store, clock, events, link, workers, changes, loading, ingest, deliveries }
  const reconciliation = stack.use(
    makeReconciliation({
      ...shared,
      log,
      backoffMs: (attempt) => backoffMs(attempt, random),
      touched,
      gatherEvidence: makeGatherEvidence(historyReader),
      again: (threadId) =>
        void workers.run(threadId, () => reconciliation.reconcile(threadId, { load: true })),
    }),
  )
  const draining = makeDraining()
  const submission = makeSubmission({
    ...shared,
    touched,
    isDraining: draining.isOn,
    reconcile: (threadId) => reconciliation.reconcile(threadId, { load: true }),
  })
  const stopper = makeStopper(shared)
  const tail = makeTail({ ...shared, history: historyReader })
  const resolve = (selector: string) => resolveLane(store, selector, { reading: true })

  const found = { ...shared, touched, threads: threadReader, locks }
  const sessions = makeSessions({
    ...found,
    audit,
    history: historyReader,
    sync: makeSync(found),
    resolve: (selector) => resolveLane(store, selector, { archived: true }),
    find: resolve,
  })
  const catalogue = makeModelCatalogue({
    ...shared,
    reader: catalogueReader,
    provider: CATALOGUE_PROVIDER,
  })
  const creation = makeLaneCreation({ ...shared, homeId, catalogue })
  const sending = makeSending({ ...shared, submission, catalogue })

  const services: DaemonServices = {
    ...makeLaneService({
      store,
      audit,
      events,
      history: makeLaneHistory({ ...shared, creation, history: historyReader, holderOf }),
      setting: makeLaneSetting({ ...shared, catalogue }),
      actions: makeLaneActions({ ...shared, stopper, holderOf }),
      raw: sessions.raw,
      locks,
      sending,
      newLane: makeNewLane({
        store,
        audit,
        configuration,
        catalogue,
        creation,
        sending,
      }),
      stopper,
      tail,
      wait: makeWait(shared),
      watch: makeWatch(shared),
    }),
    ...sessions.services,
    models: (input, call) => catalogue.models(input, call.signal),
    request: requests.services,
    config: makeConfigService({ configuration, audit }),
    daemon: {
      status: () =>
        readStatus({
          ...shared,
          host,
          paths,
          version,
          startedAt,
          socket: options.socket,
          notices: [...options.notices, ...configuration.problems()],
          connections: options.connections,
        }),
      ...makeAuditService({ store, appended: audited, resolve }),
      shutdown: makeShutdown({ ...shared, host, stopper, draining, leave: options.leave }),
    },
  }

  events.commit((tx) => {
    tx.append({ threadId: null, type: 'daemon.started', data: { version, pid: host.pid } })
  })

  return {
    services: guardServices(services),
    link,
    [Symbol.asyncDispose]: async () => {
      await stack.disposeAsync()
      await workers.drained()
    },
  }
}
