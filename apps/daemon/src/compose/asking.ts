// What Codex asks, put together: requests that a person decides, and calls of tools that agents in lanes make.
// Both are of a lane, also where a sub-agent of it asks.
import type { DaemonServices } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import type { Codex } from '../codex/codex.ts'
import { laneToolManifest } from '../contract-facts.ts'
import type { Host } from '../host/host.ts'
import { makeHeldCaller } from '../lane-tools/held-caller.ts'
import { makeLaneTools } from '../lane-tools/lane-tools.ts'
import { type makeLaneFinder, resolveLane } from '../lanes/lane-resolver.ts'
import { makeRequests } from '../requests/requests.ts'
import { makeSteer, type SteerOptions } from '../requests/steer.ts'
import type { Ingest } from '../turns/ingest.ts'
import type { Watchdog } from '../watchdog/watchdog.ts'
import type { Ground } from './ground.ts'
import { makePerform } from './perform.ts'

type AskingOptions = Ground & {
  host: Host
  newId: () => string
  find: ReturnType<typeof makeLaneFinder>
  ingest: Ingest
  watchdog: Pick<Watchdog, 'heard'>
  touched: (threadIds: Iterable<string>) => void
  /** What is made later. */
  codex: () => Codex
  steering: SteerOptions['steering']
  services: () => DaemonServices
}

/** Puts it together. */
export const makeAsking = (options: AskingOptions, stack: AsyncDisposableStack) => {
  const { store, find, ingest, codex, watchdog } = options
  const link = () => codex().link
  const mayBeShared = (): boolean => codex().mayBeShared()
  const laneAbove = async (threadId: string): Promise<LaneRow | null> => {
    const isLane = (id: string): boolean => store.lanes.get(id) !== null
    const owner = await codex().ancestorOf(threadId, isLane)
    return owner === null ? null : store.lanes.get(owner)
  }

  const requests = stack.use(
    makeRequests({
      ...options,
      link,
      mayBeShared,
      ownerOf: laneAbove,
      // The silence of a turn that waits for a person is not its own: it begins anew with the answer.
      touched: (threadIds) => {
        options.touched(threadIds)
        for (const threadId of threadIds) watchdog.heard({ threadId, fact: null, isSign: true })
      },
      steer: makeSteer({ store, link, steering: options.steering }),
      drain: ingest.drain,
      resolve: find.reading,
      named: (selector) => resolveLane(store, selector),
    }),
  )

  const heldCaller = makeHeldCaller({
    store,
    // What Codex does not run just now calls nothing.
    laneAbove: async (threadId) =>
      link().current() === null ? null : await laneAbove(threadId).catch(() => null),
  })
  const laneTools = stack.use(
    makeLaneTools({
      ...options,
      heldCaller,
      ops: () => laneToolManifest,
      mayBeShared,
      refused: requests.refused,
      drain: ingest.drain,
      perform: makePerform(options.services),
    }),
  )
  return { requests, heldCaller, laneTools }
}
