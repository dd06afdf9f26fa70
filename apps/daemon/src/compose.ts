// The composition root: makes every room and ties them together; the only file that knows them all.
// In the order in which data flows: what everything stands on, what Codex says, what Codex asks, Codex,
// what people send, what they call. What it makes is owned by one stack and goes in reverse order.
import type { DaemonServices } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import { makeAuditService } from './audit/audit-service.ts'
import { backoffMs } from './codex/backoff.ts'
import { catalogueReader } from './codex/catalogue-reader.ts'
import type { CodexLink } from './codex/codex-link.ts'
import { type Codex, makeCodex } from './codex/codex.ts'
import { historyReader, makeHistoryReader } from './codex/history-reader.ts'
import { threadReader } from './codex/thread-reader.ts'
import { CATALOGUE_PROVIDER } from './codex/translate-models.ts'
import { recordedPid, serverRecords } from './codex/server-record.ts'
import { makeWriterLocks } from './codex/writer-locks.ts'
import { type GroundOptions, layGround } from './compose/ground.ts'
import { makePerform } from './compose/perform.ts'
import { laneToolManifest } from './contract-facts.ts'
import { makeConfigService } from './config/config-service.ts'
import { makeDeliveries } from './deliveries/deliveries.ts'
import { makeDeliveryWriter } from './deliveries/delivery-writer.ts'
import { findWaiting } from './deliveries/find-delivery.ts'
import { isGoalOpen } from './goals/goal-turn.ts'
import { makeGoals } from './goals/goals.ts'
import { makeHeldCaller } from './lane-tools/held-caller.ts'
import { holdServices } from './lane-tools/held-services.ts'
import { makeLaneTools } from './lane-tools/lane-tools.ts'
import { type LaneLoading, makeLaneLoading } from './lanes/lane-loading.ts'
import { makeLaneFinder, resolveLane } from './lanes/lane-resolver.ts'
import { makeLanes } from './lanes/lanes.ts'
import { makeLettingGo } from './lanes/letting-go.ts'
import { freeHandle } from './lanes/naming.ts'
import { makeRejoin } from './lanes/rejoin.ts'
import { makeModelCatalogue } from './models/catalogue.ts'
import { makeCheckpoints } from './registry/checkpoints.ts'
import { guardServices } from './registry/guarded-services.ts'
import { makeRequests, type Requests } from './requests/requests.ts'
import { makeSteer } from './requests/steer.ts'
import { makeSessions } from './sessions/sessions.ts'
import { makeNotifier } from './notify/notifier.ts'
import { makeNotifyService } from './notify/notify-service.ts'
import { readStatus } from './status/daemon-status.ts'
import { makeDraining } from './status/draining.ts'
import { makeShutdown, makeShutdownPlan } from './status/shutdown.ts'
import { makeIndexing } from './sync/indexing/indexing.ts'
import { makeQuery } from './sync/indexing/query.ts'
import { makeSync } from './sync/sync.ts'
import { makeTriggers } from './triggers/triggers.ts'
import { makeFactWriter } from './turns/fact-writer.ts'
import { makeMissedFacts } from './turns/history.ts'
import { makeIngest } from './turns/ingest.ts'
import { makeStopper } from './turns/stop.ts'
import { makeTurns } from './turns/turns.ts'
import { keepWatch } from './watchdog/keep-watch.ts'

/** A page of history comes within 0.1 s (2 s when it is very large); dispatch has its own view beside it. */
const TAIL_MS = 5_000

/** What the daemon is made of; the home is locked and the registry open. */
export type DaemonOptions = GroundOptions & {
  /** The control socket in use. */
  socket: string
  random: () => number
  /** Makes UUIDv7s. */
  newId: () => string
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
  const { fullness, codexHome, audited, ...ground } = layGround(options, {
    stack,
    regained: () => {
      link.again()
      triggers.resume()
    },
  })
  const { store, events, audit, workers, changes, configuration } = ground
  const startedAt = clock.now()
  const find = makeLaneFinder(store)

  const watchdog = stack.use(
    keepWatch({ ...ground, written: changes.touched, stopper: () => stopper }),
  )
  const touched = (threadIds: Iterable<string>): void => {
    changes.touched(threadIds)
    watchdog.touched(threadIds)
  }
  const deliveries = makeDeliveryWriter({
    store,
    clock,
    retry: () => ({ ...configuration.daemon().retry, spread: random() }),
    settled: (threadId) => {
      queues.wake(threadId)
      goals.settle(threadId)
    },
  })
  const afterTurn = (threadId: string): void => {
    loading.idle(threadId)
    link.settled()
    laneTools.turned(threadId)
    const waiting = store.deliveries.unsettled(threadId)
    if (waiting.some(({ state }) => state === 'submitting')) {
      void workers.run(threadId, () => reconciliation.reconcile(threadId, { load: false }))
    }
    queues.wake(threadId)
    goals.settle(threadId)
  }
  const writer = makeFactWriter({
    ...ground,
    freeHandle: ({ handle }) =>
      freeHandle(handle, (taken) => store.lanes.byLiveHandle(taken) !== null),
    listener: {
      deliveries: (tx, lane, fact) => deliveries.onFact(tx, lane, fact),
      requests: (tx, fact) => requests.onFact(tx, fact),
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
  const behind = (): void => checkpoints.behind()
  const ingest = makeIngest({ writer, clock, log, behind, overflow, heard: watchdog.heard })

  const locks = makeWriterLocks({
    codexHome: codexHome.path,
    // What an earlier daemon left is ours before it is joined, too.
    ownPid: () => link.instance()?.pid ?? recordedPid(host, serverRecords(store)),
  })
  const holderOf = locks.elsewhere
  const loading: LaneLoading = stack.use(
    makeLaneLoading({
      ...ground,
      ingest,
      missedFacts: makeMissedFacts({ store, history: historyReader, threads: threadReader }),
      holderOf,
      loaded: (threadId, asking) => requests.loaded(threadId, asking),
      release: makeLettingGo({
        ...ground,
        link: () => link,
        loading: () => loading,
        isNeeded: (threadId) => isGoalOpen(store, threadId),
      }),
    }),
  )

  const laneAbove = async (threadId: string): Promise<LaneRow | null> => {
    const isLane = (id: string): boolean => store.lanes.get(id) !== null
    const owner = await codex.ancestorOf(threadId, isLane)
    return owner === null ? null : store.lanes.get(owner)
  }
  const requests: Requests = stack.use(
    makeRequests({
      ...ground,
      host,
      newId: options.newId,
      link: () => link,
      mayBeShared: () => codex.mayBeShared(),
      ownerOf: laneAbove,
      // The silence of a turn that waits for a person is not its own: it begins anew with the answer.
      touched: (threadIds) => {
        touched(threadIds)
        for (const threadId of threadIds) watchdog.heard({ threadId, fact: null, isSign: true })
      },
      steer: makeSteer({ store, link: () => link, steering: () => steering }),
      drain: ingest.drain,
      resolve: find.reading,
    }),
  )

  const heldCaller = makeHeldCaller({
    store,
    // What Codex does not run just now calls nothing.
    laneAbove: async (threadId) =>
      link.current() === null ? null : await laneAbove(threadId).catch(() => null),
  })
  const laneTools = stack.use(
    makeLaneTools({
      ...ground,
      heldCaller,
      ops: () => laneToolManifest,
      find,
      mayBeShared: () => codex.mayBeShared(),
      refused: requests.refused,
      drain: ingest.drain,
      perform: makePerform(() => guarded),
    }),
  )

  const rejoin = makeRejoin({
    ...ground,
    link: () => link,
    loading,
    deliveries,
    reconcile: (threadId) => reconciliation.reconcile(threadId, { load: true }),
    wakeQueues: () => queues.wakeAll(),
    finishCreations: (client) => lanes.unfinished.finish(client),
    caughtUp: () => triggers.caughtUp(),
  })
  const codex: Codex = stack.use(
    makeCodex({
      ...ground,
      host,
      paths,
      random,
      version,
      codexHome,
      heard: ingest.take,
      requests,
      called: laneTools.called,
      listener: {
        ...rejoin,
        joined: (event) => {
          triggers.unsure()
          rejoin.joined(event)
          requests.joined(event)
          goals.joined()
          watchdog.joined()
        },
        lost: (event) => {
          triggers.unsure()
          rejoin.lost(event)
          requests.lost(event)
        },
      },
    }),
  )
  const { link, fence } = codex

  const draining = makeDraining(() => {
    queues.wakeAll()
    goals.settleAll()
    triggers.resume()
  })
  const shared = { ...ground, link, fence, loading, ingest, deliveries, holderOf, touched }
  const asked = {
    ...shared,
    find,
    threads: threadReader,
    history: historyReader,
    isDraining: draining.isOn,
    backoffMs: (attempt: number) => backoffMs(attempt, random),
  }
  const turnStopper = makeStopper(shared)
  const goals = stack.use(makeGoals({ ...asked, stopper: turnStopper }))
  const { stopper } = goals
  const delivering = stack.use(
    makeDeliveries({
      ...asked,
      around: goals.around,
      interrupt: (lane, signal) => turnStopper.stop(lane, signal),
      maxActive: () => configuration.daemon().limits.max_active_turns ?? null,
    }),
  )
  const { reconciliation, queues, steering } = delivering

  const indexing = stack.use(
    makeIndexing({
      ...ground,
      place: { registry: paths.database, index: paths.index },
      isOn: () => configuration.daemon().index.enabled,
    }),
  )
  const checkpoints = stack.use(makeCheckpoints({ ...ground, thread: indexing }))
  const sessions = makeSessions({
    ...asked,
    locks,
    sync: makeSync({ ...asked, locks, indexed: indexing.synced }),
    resolve: (selector) => resolveLane(store, selector, { archived: true }),
    find: find.reading,
  })
  const catalogue = makeModelCatalogue({
    ...shared,
    reader: catalogueReader,
    provider: CATALOGUE_PROVIDER,
  })
  const turns = makeTurns({
    ...asked,
    ...delivering,
    isFull: queues.isFull,
    goals: goals.pauses,
    catalogue,
    impatient: makeHistoryReader({ timeoutMs: TAIL_MS }),
  })
  const lanes = stack.use(
    makeLanes({
      ...asked,
      ...turns,
      stopper,
      idempotent: delivering.idempotent,
      locks,
      indexOf: indexing.ofLane,
      raw: sessions.raw,
      catalogue,
      firstGoal: goals.firstGoal,
      findStarted: codex.findStarted,
      tools: laneTools.forNew,
    }),
  )

  const triggers = stack.use(
    makeTriggers({
      ...asked,
      newId: options.newId,
      sending: turns.sending,
      newLane: lanes.services.new,
      archive: lanes.services.archive,
      checkPresets: (presets, cwd) => void configuration.plan({ presets: [...presets] }, cwd),
    }),
  )

  const notifier = stack.use(makeNotifier({ ...ground, host }))

  const services: DaemonServices = {
    ...lanes.services,
    ...sessions.services,
    ...delivering.services,
    query: makeQuery({ store, indexing, resolve: find.reading }),
    goal: goals.service,
    models: (input, call) => catalogue.models(input, call.signal),
    notify: makeNotifyService({ audit, notifier }),
    request: requests.services,
    trigger: triggers.service,
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
          index: indexing.state,
        }),
      ...makeAuditService({ store, appended: audited, resolve: find.reading }),
      shutdownPlan: makeShutdownPlan({ store, stopper: turnStopper }),
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

  const resolve = (selector: string, mode = {}) => resolveLane(store, selector, mode)
  const waiting = (id: string) => findWaiting(store, id)
  const held = holdServices(services, { ...ground, heldCaller, resolve, waiting })
  const guarded = guardServices(held)
  events.commit((tx) => {
    tx.append({ threadId: null, type: 'daemon.started', data: { version, pid: host.pid } })
  })

  return {
    services: guarded,
    link,
    [Symbol.asyncDispose]: async () => {
      await stack.disposeAsync()
      await laneTools.drained()
      await lanes.unfinished.drained()
      await triggers.drained()
      await workers.drained()
    },
  }
}
