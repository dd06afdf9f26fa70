// fork, compact, rollback: what Codex does with the history of a lane. Each is refused where something
// runs, since Codex would do it beneath the turn.
import {
  type Call,
  type CompactResult,
  DispatchError,
  type ForkInput,
  type ForkResult,
  type RollbackInput,
  type RollbackResult,
} from '@dispatch/contract'
import type { CodexClient } from '@dispatch/codex-client'
import type { CreationDraft, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { HistoryReader } from '../codex/history-reader.ts'
import type { LockHolder } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import { openGoalRefusalOf } from '../goals/goal-turn.ts'
import type { NewLaneTools } from '../lane-tools/lane-tools.ts'
import type { LaneCreation } from './create-lane.ts'
import type { LaneChanges } from './lane-changes.ts'
import type { LaneLoading } from './lane-loading.ts'
import { refuseForeignName } from './lane-resolver.ts'
import { rowToIdentity } from './lane-view.ts'
import type { LaneWorkers } from './lane-worker.ts'
import { nameToBare, nameToTitle, titleToPrefix } from './naming.ts'

/** What it needs. */
export type HistoryOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  loading: LaneLoading
  creation: LaneCreation
  history: HistoryReader
  tools: Pick<NewLaneTools, 'holdFork'>
  holderOf: (threadId: string) => LockHolder | null
}

/** What is done with the history of lanes. */
export type LaneHistory = {
  fork(lane: LaneRow, input: ForkInput, call: Call): Promise<ForkResult>
  compact(lane: LaneRow, signal: AbortSignal): Promise<CompactResult>
  rollback(lane: LaneRow, input: RollbackInput, signal: AbortSignal): Promise<RollbackResult>
}

/** After this long `compact` answers without its turn. */
const BEGUN_MS = 10_000

const refuse = (lane: LaneRow, op: string): void => {
  if (lane.ephemeral) {
    throw new DispatchError('validation', `${lane.handle} is ephemeral: Codex cannot ${op} it.`)
  }
  if (lane.archivedAt !== null) {
    throw new DispatchError('validation', `${lane.handle} is archived.`, {
      hint: `dispatch restore ${lane.ref}`,
    })
  }
}

/** Makes the ops. */
export const makeLaneHistory = (options: HistoryOptions): LaneHistory => {
  const { store, clock, events, link, workers, changes, loading, creation, history } = options

  const now = (lane: LaneRow): LaneRow => store.lanes.get(lane.threadId) ?? lane

  const refuseBusy = (lane: LaneRow, hint: string): void => {
    const working =
      now(lane).activeTurnId !== null ||
      store.deliveries.unsettled(lane.threadId).some(({ state }) => state === 'submitting')
    // To wait for the end of one turn would help nothing.
    const goal = openGoalRefusalOf(store, lane, 'try again')
    if (goal) throw goal
    if (working)
      throw new DispatchError('lane_busy', `${lane.handle} has an active turn.`, { hint })
  }

  const asking = async <T>(lane: LaneRow, request: () => Promise<T>): Promise<T> => {
    try {
      return await request()
    } catch (error) {
      throw codexFailureToError(error, () => options.holderOf(lane.threadId))
    }
  }

  // Newest first, one more than is asked for where there is one.
  const newestTurns = async (client: CodexClient, lane: LaneRow, count: number) => {
    const turns: Awaited<ReturnType<HistoryReader['turns']>>['data'] = []
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<HistoryReader['turns']>> = await asking(lane, () =>
        history.turns(client, lane.threadId, cursor),
      )
      turns.push(...page.data)
      if (page.nextCursor === null || turns.length > count) return turns
      cursor = page.nextCursor
    }
  }

  const lastMessageOf = (lane: LaneRow, turnId: string | undefined): string | null =>
    turnId === undefined
      ? null
      : (store.items.lastOfTurn(lane.threadId, turnId, 'agentMessage')?.text ?? null)

  const fork: LaneHistory['fork'] = async (lane, input, call) => {
    refuse(lane, 'fork')
    const { lastTurnId } = input
    if (lastTurnId === undefined) {
      refuseBusy(lane, `dispatch wait ${lane.ref}, or name a turn with --last-turn-id`)
    }
    const prefix = titleToPrefix(lane.title, lane.name)
    const name = nameToBare(input.name, prefix)
    refuseForeignName(store, name)
    const whole: CreationDraft = {
      name,
      title: nameToTitle(input.name, prefix),
      cwd: lane.cwd,
      ephemeral: false,
      settings: lane.settings,
      fork: { threadId: lane.threadId, lastTurnId: lastTurnId ?? null },
      // Codex gives the fork the tools of what it goes on from.
      ...(lane.laneTools ? { laneTools: lane.laneTools } : {}),
    }
    const draft = await options.tools.holdFork(whole, lane, call)
    const { lane: made, notes } = await creation.create({ draft, op: 'fork', input }, call)
    const { effective } = made
    if (!effective) throw new DispatchError('internal', 'A new lane has no effective settings.')
    return {
      ...rowToIdentity(now(made)),
      forkedFrom: { ref: lane.ref, id: lane.threadId },
      lastTurnId: made.latestTurnId,
      effective,
      notes: [...notes, `It works in the same directory as ${lane.handle}.`],
    }
  }

  const compact: LaneHistory['compact'] = async (lane, signal) => {
    refuse(lane, 'compact')
    const { threadId } = lane
    const before = await workers.run(threadId, async () => {
      refuseBusy(lane, `dispatch wait ${lane.ref}`)
      const client = await link.client(signal)
      await loading.load(client, now(lane))
      const { latestTurnId } = now(lane)
      await asking(lane, () => client.request('thread/compact/start', { threadId }))
      return latestTurnId
    })
    const hasBegun = (): boolean => now(lane).latestTurnId !== before
    const begun = await changes.until([threadId], hasBegun, { signal, timeoutMs: BEGUN_MS })
    return {
      ...rowToIdentity(now(lane)),
      turnId: begun ? now(lane).latestTurnId : null,
      notes: begun ? [] : ['Codex has not begun yet: dispatch get shows when it has.'],
    }
  }

  const rollback: LaneHistory['rollback'] = async (lane, { turns: count }, signal) => {
    refuse(lane, 'take turns back from')
    const { threadId } = lane
    return await workers.run(threadId, async () => {
      refuseBusy(lane, `dispatch wait ${lane.ref}, or dispatch stop ${lane.ref}`)
      const client = await link.client(signal)
      await loading.load(client, now(lane))
      const turns = await newestTurns(client, lane, count)
      const gone = turns.slice(0, count)
      const [oldest] = gone.slice(-1)
      if (!oldest || gone.length < count) {
        throw new DispatchError('validation', `${lane.handle} has ${gone.length} turns.`, {
          hint: `dispatch tail ${lane.ref}`,
          details: { turns: gone.length },
        })
      }
      await asking(lane, () =>
        client.request('thread/revert', { threadId, beforeTurnId: oldest.id }),
      )
      const removedTurns = gone.map(({ id }) => id)
      const latestTurnId = turns[count]?.id ?? null
      events.commit((tx) => {
        store.revert(threadId, removedTurns)
        store.lanes.update(threadId, {
          status: 'idle',
          activeTurnId: null,
          latestTurnId,
          lastMessage: lastMessageOf(lane, latestTurnId ?? undefined),
          updatedAt: clock.now(),
        })
        const data = { turns: removedTurns, latestTurnId }
        tx.append({ threadId, type: 'lane.rolled-back', data })
      })
      changes.touched([threadId])
      return {
        ...rowToIdentity(now(lane)),
        removedTurns,
        latestTurnId,
        notes: ['The history alone was taken back: files are as the turns left them.'],
      }
    })
  }

  return { fork, compact, rollback }
}
