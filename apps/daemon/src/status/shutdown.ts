// The hidden shutdown that down and restart use: refused while turns run, unless they are waited for
// or cut.
import {
  type Call,
  DispatchError,
  type DownInput,
  type ShutdownInput,
  type ShutdownPlan,
  type ShutdownResult,
} from '@dispatch/contract'
import { busyHints } from '@dispatch/contract/busy-hints'
import type { LaneRow, Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import type { GoalsAtShutdown } from '../goals/goals-at-shutdown.ts'
import type { Host } from '../host/host.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { Stopper } from '../turns/stop.ts'
import type { Draining } from './draining.ts'

type ShutdownOptions = {
  store: Store
  draining: Draining
  host: Host
  link: CodexLink
  stopper: Stopper
  goals: GoalsAtShutdown
  changes: LaneChanges
  /** Ends the process when the answer is out. */
  leave: (options: { codex: boolean }) => void
}

const CANDIDATES_MAX = 10

type Running = Pick<ShutdownOptions, 'store' | 'stopper'>

// A message on its way may have begun a turn that nobody has told of yet.
const openLanes = ({ store, stopper }: Running): LaneRow[] => {
  const lanes = new Map(stopper.busy().map((lane) => [lane.threadId, lane]))
  for (const { threadId, state } of store.deliveries.unsettled()) {
    const lane = state === 'submitting' ? store.lanes.get(threadId) : null
    if (lane?.archivedAt === null) lanes.set(threadId, lane)
  }
  // What a sub-agent or an MCP server asks may wait without a turn of the lane.
  for (const { laneId } of store.requests.pending()) {
    const lane = laneId === null ? null : store.lanes.get(laneId)
    if (lane?.archivedAt === null) lanes.set(lane.threadId, lane)
  }
  return [...lanes.values()]
}

/** Says what a shutdown by force would cut, and one that drains waits for. */
export const makeShutdownPlan =
  (options: Running) =>
  (input: DownInput): ShutdownPlan => {
    const open = openLanes(options)
    const names = open.slice(0, CANDIDATES_MAX).map(({ handle }) => handle)
    const more = open.length > names.length ? ` and ${open.length - names.length} more` : ''
    const what = open.length === 1 ? 'turn is' : 'turns are'
    const loss = `${open.length} ${what} cut: ${names.join(', ')}${more}.`
    return {
      destroys: input.force === true,
      losses: open.length === 0 ? ['No turn runs.'] : [loss],
      waitsFor: open.map(({ ref, handle, status }) => ({
        ref,
        handle,
        asks: status === 'waiting_approval',
      })),
    }
  }

/** Makes the shutdown. */
export const makeShutdown = (options: ShutdownOptions) => {
  const { host, link, stopper, goals, changes, draining, leave } = options

  const open = (): LaneRow[] => openLanes(options)

  const refuse = (busy: LaneRow[]): void => {
    if (busy.length === 0) return
    const shown = busy
      .slice(0, CANDIDATES_MAX)
      .map(({ ref, handle, threadId }) => ({ ref, handle, id: threadId }))
    throw new DispatchError(
      'lane_busy',
      `${busy.length} ${busy.length === 1 ? 'lane has' : 'lanes have'} an active turn: ${shown.map(({ handle }) => handle).join(', ')}`,
      { hint: busyHints.down, details: { lanes: shown } },
    )
  }

  const drain = async (call: Call): Promise<void> => {
    const limits = { signal: call.signal, timeoutMs: null }
    // Other lanes may have become busy meanwhile.
    for (let busy = open(); busy.length > 0; busy = open()) {
      const ids = new Set(busy.map(({ threadId }) => threadId))
      const isOver = () => !open().some(({ threadId }) => ids.has(threadId))
      await changes.until([...ids], isOver, limits)
    }
  }

  // What cannot be stopped is cut by the end of the App Server, which may be what is broken.
  const cut = async (signal: AbortSignal): Promise<void> => {
    await goals.cut(signal)
    await Promise.allSettled(stopper.busy().map((lane) => stopper.stop(lane, signal)))
  }

  const empty = async (input: ShutdownInput, call: Call): Promise<void> => {
    if (input.force) return await cut(call.signal)
    if (input.drain) await drain(call)
    else await goals.cut(call.signal)
    refuse(open())
  }

  return async (input: ShutdownInput, call: Call): Promise<ShutdownResult> => {
    const { connection } = link.status()
    // A child ends with the daemon; a server that is not ours never ends with it.
    const codex = connection === 'stdio' || (input.codex && connection === 'own')
    const codexPid = codex ? (link.instance()?.pid ?? null) : null
    // A server of others goes on as well, but nobody would follow what goals do in it.
    if (codex || input.codex) {
      using _taking = draining.begin()
      if (codex && !input.force && !input.drain)
        refuse(open().filter((lane) => !goals.isGoalTurn(lane)))
      const takeBack = await goals.pause()
      try {
        if (codex) await empty(input, call)
      } catch (error) {
        await takeBack()
        throw error
      }
      // What is sent from here on would be cut.
      if (codex) draining.begin()
    }
    leave({ codex })
    return { pid: host.pid, codexPid }
  }
}
