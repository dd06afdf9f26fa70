// The composition root: makes every room and ties them together; the only file that knows them all.
// What it makes is owned by one stack and goes in reverse order.
import type { DaemonServices } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import type { Store } from '@dispatch/store'
import { makeFullness } from './registry/fullness.ts'
import { guardServices } from './registry/guarded-services.ts'
import { homeIdOf } from './registry/home-id.ts'
import { configToRetention, keepRetention } from './registry/retention.ts'
import { makeAuditService } from './audit/audit-service.ts'
import { makeAudit } from './audit/audit.ts'
import type { Clock } from './clock/clock.ts'
import { catalogueReader } from './codex/catalogue-reader.ts'
import { backoffMs } from './codex/backoff.ts'
import { codexHomeOf, keepCodexHome } from './codex/codex-home.ts'
import type { CodexLink } from './codex/codex-link.ts'
import { makeFence } from './codex/fence.ts'
import { makeFindStarted } from './codex/find-started.ts'
import { historyReader, makeHistoryReader } from './codex/history-reader.ts'
import { serverRecords } from './codex/server-record.ts'
import { CATALOGUE_PROVIDER } from './codex/translate-models.ts'
import { threadReader } from './codex/thread-reader.ts'
import { makeWriterLocks } from './codex/writer-locks.ts'
import { codexSocketPath } from './codex/socket-path.ts'
import { makeSupervisor } from './codex/supervisor.ts'
import { makeDeliveryWriter } from './deliveries/delivery-writer.ts'
import { makeEnqueueing } from './deliveries/enqueueing.ts'
import { makeGatherEvidence } from './deliveries/evidence.ts'
import { makeIdempotency } from './deliveries/idempotency.ts'
import { makeInjection } from './deliveries/injection.ts'
import { makeQueueRunner } from './deliveries/queue-runner.ts'
import { makeReconciliation } from './deliveries/reconciliation.ts'
import { makeDeliveryServices } from './deliveries/services.ts'
import { makeSteering } from './deliveries/steering.ts'
import { makeSubmission } from './deliveries/submission.ts'
import { makeTurnStart } from './deliveries/turn-start.ts'
import { makeConfigService } from './config/config-service.ts'
import { configurationOf } from './config/configuration.ts'
import { makeEventLog } from './events/event-log.ts'
import { makeSignal } from './events/signal.ts'
import { makeGoals } from './goals/goals.ts'
import { isGoalOpen } from './goals/goal-turn.ts'
import type { Host } from './host/host.ts'
import { makeThreadBeginning } from './lanes/begin-thread.ts'
import { makeLaneCreation } from './lanes/create-lane.ts'
import { makeLaneActions } from './lanes/lane-actions.ts'
import { makeLaneChanges } from './lanes/lane-changes.ts'
import { makeLaneHistory } from './lanes/lane-history.ts'
import { makeLaneLoading } from './lanes/lane-loading.ts'
import { makeLaneFinder, resolveLane } from './lanes/lane-resolver.ts'
import { makeLaneService } from './lanes/lane-service.ts'
import { makeLaneSetting } from './lanes/lane-setting.ts'
import { threadToLabel } from './lanes/lane-view.ts'
import { makeLettingGo } from './lanes/letting-go.ts'
import { freeHandle } from './lanes/naming.ts'
import { makeLaneWorkers } from './lanes/lane-worker.ts'
import { makeNewLane } from './lanes/new-lane.ts'
import { makeRegistration } from './lanes/registration.ts'
import { makeRejoin } from './lanes/rejoin.ts'
import { makeUnfinishedCreations } from './lanes/unfinished-creations.ts'
import { makeRunLane } from './lanes/run-lane.ts'
import type { Log } from './log/log.ts'
import { makeModelCatalogue } from './models/catalogue.ts'
import { makeDecliner } from './requests/decline.ts'
import { makeSessions } from './sessions/sessions.ts'
import { readStatus } from './status/daemon-status.ts'
import { makeDraining } from './status/draining.ts'
import { makeShutdown } from './status/shutdown.ts'
import { makeSync } from './sync/sync.ts'
import { makeFactWriter } from './turns/fact-writer.ts'
import { makeMissedFacts } from './turns/history.ts'
import { makeIngest } from './turns/ingest.ts'
import { makeLast } from './turns/last.ts'
import { makeSending } from './turns/sending.ts'
import { makeStopper } from './turns/stop.ts'
import { makeTail } from './turns/tail.ts'
import { makeWait } from './turns/wait.ts'
import { makeWatch } from './turns/watch.ts'
import { keepWatch } from './watchdog/keep-watch.ts'

/** A page of history comes within 0.1 s (2 s when it is very large); dispatch has its own view beside it. */
const TAIL_MS = 5_000

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
  const { host, paths, log, clock, random, version } = options
  const stack = new AsyncDisposableStack()
  const regained = (): void => link.again()
  const fullness = stack.use(makeFullness({ store: options.store, clock, log, regained }))
  const { store } = fullness
  const startedAt = clock.now()
  const homeId = homeIdOf(store)
  const codexHome = codexHomeOf(host)
  keepCodexHome(store, codexHome.path)
  store.events.beginEpoch()

  const configuration = configurationOf(host, paths)

  const events = makeEventLog({ store, clock, label: (id) => threadToLabel(store, id) })
  const retention = () => configToRetention(configuration.daemon())
  stack.use(keepRetention({ store, clock, log, retention }))
  const audited = makeSignal()
  const audit = makeAudit({ store, clock, log, appended: audited, refuse: fullness.refuse })

  const workers = makeLaneWorkers()
  const changes = makeLaneChanges(clock)
  const touched = (threadIds: Iterable<string>): void => {
    changes.touched(threadIds)
    watchdog.touched(threadIds)
  }
  const watching = { store, events, clock, log, audit, configuration, written: changes.touched }
  const watchdog = stack.use(keepWatch({ ...watching, stopper: () => stopper }))
  const deliveries = makeDeliveryWriter({
    store,
    clock,
    retry: () => configuration.daemon().retry,
    settled: (threadId) => {
      queues.wake(threadId)
      goals.settle(threadId)
    },
  })

  const afterTurn = (threadId: string): void => {
    loading.idle(threadId)
    link.settled()
    const waiting = store.deliveries.unsettled(threadId)
    if (waiting.some(({ state }) => state === 'submitting')) {
      void workers.run(threadId, () => reconciliation.reconcile(threadId, { load: false }))
    }
    queues.wake(threadId)
    goals.settle(threadId)
  }
  const writer = makeFactWriter({
    store,
    events,
    clock,
    freeHandle: ({ handle }) =>
      freeHandle(handle, (taken) => store.lanes.byLiveHandle(taken) !== null),
    listener: {
      deliveries: (tx, lane, fact) => deliveries.onFact(tx, lane, fact),
      touched,
      turnStarted: (threadId) => goals.settle(threadId),
      turnEnded: afterTurn,
      unloaded: (threadId) => {
        loading.unloaded(threadId)
        sessions.unloaded(threadId)
      },
    },
  })
  const overflow = (): void => link.withdraw()
  const ingest = makeIngest({ writer, clock, log, overflow, heard: watchdog.heard })

  const release = makeLettingGo({
    store,
    log,
    workers,
    link: () => link,
    loading: () => loading,
    isNeeded: (threadId) => isGoalOpen(store, threadId),
  })
  const missedFacts = makeMissedFacts({ store, history: historyReader })
  const locks = makeWriterLocks({
    codexHome: codexHome.path,
    ownPid: () => link.instance()?.pid ?? null,
  })
  const holderOf = locks.elsewhere
  const loading = stack.use(
    makeLaneLoading({ store, clock, ingest, missedFacts, homeId, holderOf, release }),
  )

  const decliner = makeDecliner({ audit, clock, events, laneOf: store.lanes.get })
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
    wakeQueues: () => queues.wakeAll(),
    finishCreations: (client) => unfinished.finish(client),
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
        goals.joined()
        watchdog.joined()
      },
    },
    hooks: {
      onNotification: (notification) => ingest.take(notification),
      serverRequests: decliner,
      onFault: (fault) => log.warn('codex.fault', { error: fault.message }),
    },
  })
  stack.use(link)

  const fence = makeFence({ clock, link })
  const shared = { store, clock, events, link, workers, changes, loading, ingest, deliveries }
  const reconciliation = stack.use(
    makeReconciliation({
      ...shared,
      log,
      backoffMs: (attempt) => backoffMs(attempt, random),
      touched,
      fence,
      gatherEvidence: makeGatherEvidence(historyReader),
      again: (threadId) => void workers.run(threadId, () => reconcile(threadId)),
    }),
  )
  const draining = makeDraining(() => {
    queues.wakeAll()
    goals.settleAll()
  })
  const reconcile = (threadId: string) => reconciliation.reconcile(threadId, { load: true })
  const handing = { ...shared, log, touched, reconcile, isDraining: draining.isOn }
  const start = makeTurnStart(handing)
  const turnStopper = makeStopper(shared)
  const find = makeLaneFinder(store)
  const goals = stack.use(
    makeGoals({
      ...handing,
      audit,
      threads: threadReader,
      stopper: turnStopper,
      find,
      backoffMs: (attempt) => backoffMs(attempt, random),
    }),
  )
  const { stopper } = goals
  const queues = stack.use(
    makeQueueRunner({
      ...handing,
      start,
      inject: makeInjection(handing),
      around: goals.around,
      interrupt: (lane, signal) => turnStopper.stop(lane, signal),
      maxActive: () => configuration.daemon().limits.max_active_turns ?? null,
      backoffMs: (attempt) => backoffMs(attempt, random),
    }),
  )

  const found = { ...shared, touched, threads: threadReader, locks }
  const sessions = makeSessions({
    ...found,
    audit,
    history: historyReader,
    sync: makeSync(found),
    resolve: (selector) => resolveLane(store, selector, { archived: true }),
    find: find.reading,
  })
  const catalogue = makeModelCatalogue({
    ...shared,
    reader: catalogueReader,
    provider: CATALOGUE_PROVIDER,
  })
  const creation = makeLaneCreation({
    ...shared,
    catalogue,
    beginning: makeThreadBeginning({ store, homeId, history: historyReader }),
    register: makeRegistration(shared),
    fence,
    findStarted: makeFindStarted({ codexHome: codexHome.path }),
  })
  const unfinished = stack.use(
    makeUnfinishedCreations({
      ...shared,
      log,
      audit,
      link: () => link,
      creation,
      touched,
      backoffMs: (attempt) => backoffMs(attempt, random),
    }),
  )
  const sending = makeSending({
    ...shared,
    submission: makeSubmission({ ...handing, start }),
    steering: makeSteering(handing),
    isFull: queues.isFull,
    enqueue: makeEnqueueing({ ...handing, runner: queues }),
    goals: goals.pauses,
    catalogue,
  })

  const actions = makeLaneActions({ ...shared, stopper, holderOf })
  const newLane = makeNewLane({
    store,
    audit,
    configuration,
    catalogue,
    creation,
    firstGoal: goals.firstGoal,
    sending,
  })

  const services: DaemonServices = {
    ...makeLaneService({
      ...shared,
      audit,
      idempotent: makeIdempotency(shared),
      history: makeLaneHistory({ ...shared, creation, history: historyReader, holderOf }),
      setting: makeLaneSetting({ ...shared, catalogue }),
      actions,
      raw: sessions.raw,
      locks,
      sending,
      newLane,
      runLane: makeRunLane({ store, audit, newLane, archive: actions.archive, stopper }),
      stopper,
      tail: makeTail({ ...shared, history: makeHistoryReader({ timeoutMs: TAIL_MS }) }),
      last: makeLast({ ...shared, history: historyReader }),
      wait: makeWait(shared),
      watch: makeWatch(shared),
    }),
    ...sessions.services,
    goal: goals.service,
    ...makeDeliveryServices({ ...shared, audit, touched, find, runner: queues, reconciliation }),
    models: (input, call) => catalogue.models(input, call.signal),
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
          notices: [...options.notices, ...configuration.problems(), ...fullness.problems()],
          connections: options.connections,
        }),
      ...makeAuditService({ store, appended: audited, resolve: find.reading }),
      shutdown: makeShutdown({
        ...shared,
        host,
        stopper: turnStopper,
        goals: goals.atShutdown,
        draining,
        leave: options.leave,
      }),
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
      await unfinished.drained()
      await workers.drained()
    },
  }
}
