// The composition root: makes every room and ties them together; the only file that knows them all.
// In the order in which data flows: what everything stands on, what Codex says, what Codex asks, Codex,
// what people send, what they call. Parts that need no others to be understood are in compose/; what goes
// against the order stands here. What it makes is owned by one stack and goes in reverse order.
import type { DaemonServices } from '@dispatch/contract'
import { backoffMs } from './codex/backoff.ts'
import { catalogueReader } from './codex/catalogue-reader.ts'
import type { CodexLink } from './codex/codex-link.ts'
import { type Codex, makeCodex } from './codex/codex.ts'
import { historyReader, makeHistoryReader } from './codex/history-reader.ts'
import { threadReader } from './codex/thread-reader.ts'
import { CATALOGUE_PROVIDER } from './codex/translate-models.ts'
import { recordedPid, serverRecords } from './codex/server-record.ts'
import { makeWriterLocks } from './codex/writer-locks.ts'
import { makeAsking } from './compose/asking.ts'
import { makeDaemonOps } from './compose/daemon-ops.ts'
import { type GroundOptions, layGround } from './compose/ground.ts'
import { makeHearing } from './compose/hearing.ts'
import { makeServices } from './compose/services.ts'
import { makeDeliveries } from './deliveries/deliveries.ts'
import { isGoalOpen } from './goals/goal-turn.ts'
import { makeGoals } from './goals/goals.ts'
import { checkDirectories } from './lanes/directories.ts'
import { type LaneLoading, makeLaneLoading } from './lanes/lane-loading.ts'
import { makeLaneFinder, resolveLane } from './lanes/lane-resolver.ts'
import { makeLanes } from './lanes/lanes.ts'
import { makeLettingGo } from './lanes/letting-go.ts'
import { makeRejoin } from './lanes/rejoin.ts'
import { makeModelCatalogue } from './models/catalogue.ts'
import { makeCheckpoints } from './registry/checkpoints.ts'
import { makeSessions } from './sessions/sessions.ts'
import { makeNotifier } from './notify/notifier.ts'
import { makeDraining } from './status/draining.ts'
import { makeIndexing } from './sync/indexing/indexing.ts'
import { makeSync } from './sync/sync.ts'
import { makeTriggers } from './triggers/triggers.ts'
import { makeMissedFacts } from './turns/history.ts'
import { makeStopper } from './turns/stop.ts'
import { makeTurns } from './turns/turns.ts'

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
  const { host, paths, clock, random, version } = options
  const stack = new AsyncDisposableStack()
  const { fullness, codexHome, audited, ...ground } = layGround(options, {
    stack,
    regained: () => {
      link.again()
      triggers.resume()
    },
  })
  const { store, events, workers, configuration } = ground
  const startedAt = clock.now()
  const find = makeLaneFinder(store)

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
  const heard = makeHearing(
    {
      ...ground,
      random,
      listener: {
        requests: (tx, fact) => requests.onFact(tx, fact),
        settled: (threadId) => {
          queues.wake(threadId)
          goals.settle(threadId)
        },
        turnStarted: (threadId) => goals.settle(threadId),
        turnEnded: afterTurn,
        unloaded: (threadId) => {
          loading.unloaded(threadId)
          sessions.unloaded(threadId)
        },
        behind: () => checkpoints.behind(),
        overflow: () => link.withdraw(),
        stopper: () => stopper,
      },
    },
    stack,
  )
  const { ingest, deliveries, touched, watchdog } = heard

  const locks = makeWriterLocks({
    codexHome: codexHome.path,
    // What an earlier daemon left is ours before it is joined, too.
    ownPid: () => link.instance()?.pid ?? recordedPid(host, serverRecords(store)),
    isOurs: (threadId) => loading.isSubscribed(threadId),
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

  const asking = makeAsking(
    {
      ...ground,
      ...heard,
      host,
      newId: options.newId,
      find,
      codex: () => codex,
      steering: () => steering,
      services: () => services,
    },
    stack,
  )
  const { requests, laneTools } = asking

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
    removeTriggers: (laneId, again) => triggers.removeOf(laneId, again),
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
      checkPresets: (presets, cwd) =>
        checkDirectories(configuration.plan({ presets: [...presets] }, cwd).values),
    }),
  )

  const notifier = stack.use(makeNotifier({ ...ground, host }))

  const services: DaemonServices = makeServices({
    ...ground,
    ...asking,
    find,
    lanes,
    sessions,
    delivering,
    goals,
    triggers,
    indexing,
    catalogue,
    notifier,
    codexHome: codexHome.path,
    daemon: makeDaemonOps({
      ...shared,
      ...options,
      store,
      startedAt,
      index: indexing.state,
      problems: () => [...configuration.problems(), ...fullness.problems()],
      appended: audited,
      resolve: find.reading,
      stopper: turnStopper,
      goals: goals.atShutdown,
      draining,
    }),
  })
  events.commit((tx) => {
    tx.append({ threadId: null, type: 'daemon.started', data: { version, pid: host.pid } })
  })

  return {
    services,
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
