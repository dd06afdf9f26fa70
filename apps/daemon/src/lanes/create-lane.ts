// new: starts a Codex thread, registers it as an own lane, names it (which makes it durable in
// Codex), and hands over the first message. The call's id is the lane's: the same call made again
// gives the same lane.
import type { CodexClient } from '@dispatch/codex-client'
import { type Call, DispatchError } from '@dispatch/contract'
import type { LaneRow, Store, TurnRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { settingsToThread, startedToEffective } from '../codex/translate-settings.ts'
import type { EventLog } from '../events/event-log.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import type { LaneLoading } from './lane-loading.ts'
import type { NewLane } from './lane-draft.ts'
import { rowToIdentity } from './lane-view.ts'
import { freeHandle, nameToHandle } from './naming.ts'

type CreateOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  loading: LaneLoading
  homeId: string
  catalogue: Pick<ModelCatalogue, 'check'>
}

/** A lane that was made, or had been made by the same call before. */
export type Created = { lane: LaneRow; notes: string[] }

/** Makes lanes. */
export type LaneCreation = {
  /** `begin` gives the thread; a new one when absent. */
  create(draft: NewLane, call: Call, begin?: Begin): Promise<Created>
}

/** Gives a lane its thread. */
export type Begin = (
  client: CodexClient,
  params: ReturnType<typeof settingsToThread> & { threadSource: string; ephemeral: boolean },
) => Promise<Begun>

/** A thread that Codex made, and what the lane has from another. */
export type Begun = {
  started: Parameters<typeof startedToEffective>[0]
  /** Its thread and its newest turn, where the lane goes on from the history of another. */
  from?: { threadId: string; latestTurn: TurnRow | null; lastMessage: string | null }
}

const networkNote =
  "With --network the agent's shell can reach dispatch itself and drive it as you."

/** Makes the creation of lanes. */
export const makeLaneCreation = (options: CreateOptions): LaneCreation => {
  const { store, clock, events, link, loading, homeId, catalogue } = options

  const startThread: Begin = async (client, params) => ({
    started: await client.request('thread/start', { ...params, serviceName: 'dispatch' }),
  })

  const beginThread = async (begin: Begin, client: CodexClient, asked: [NewLane, Call]) => {
    const [{ settings, cwd, ephemeral }, call] = asked
    try {
      return await begin(client, {
        ...settingsToThread(settings, { cwd, homeId }),
        ephemeral,
        // Comes back from Codex, so that a thread whose answer was lost can be told.
        threadSource: `dispatch:${call.id}`,
      })
    } catch (error) {
      throw codexFailureToError(error)
    }
  }

  const register = ({ started, from }: Begun, draft: NewLane, call: Call): LaneRow => {
    const { name, title, cwd, ephemeral, settings } = draft
    const threadId = started.thread.id
    loading.started(threadId)
    return events.commit(
      (tx) => {
        const at = clock.now()
        const row: LaneRow = {
          threadId,
          ref: store.refs.allocate(threadId),
          name,
          handle: freeHandle(
            nameToHandle(name),
            (handle) => store.lanes.byLiveHandle(handle) !== null,
          ),
          title,
          source: 'own',
          cwd,
          status: 'idle',
          ephemeral,
          settings,
          effective: startedToEffective(started),
          unset: [],
          activeTurnId: null,
          latestTurnId: from?.latestTurn?.id ?? null,
          held: false,
          stalled: false,
          lastMessage: from?.lastMessage ?? null,
          usage: null,
          rolloutPath: started.thread.path,
          callId: call.id,
          createdAt: at,
          updatedAt: at,
          archivedAt: null,
        }
        store.lanes.insert(row)
        // What it has of another's history is known already, and no news.
        if (from?.latestTurn) store.turns.upsert({ ...from.latestTurn, threadId })
        const data = {
          title: row.title,
          cwd,
          source: 'own',
          ephemeral: row.ephemeral,
          ...(from ? { forkedFrom: from.threadId } : {}),
        }
        tx.append({ threadId, type: 'lane.created', key: threadId, data })
        return row
      },
      { durable: true },
    )
  }

  // A thread without a user turn is kept by Codex only once it has a name.
  const name = async (client: CodexClient, lane: LaneRow): Promise<void> => {
    if (lane.ephemeral) return
    try {
      await client.request('thread/name/set', { threadId: lane.threadId, name: lane.title })
    } catch (error) {
      const failure = codexFailureToError(error)
      if (!(failure instanceof DispatchError)) throw failure
      throw new DispatchError(failure.code, failure.message, {
        ...(failure.hint ? { hint: failure.hint } : {}),
        details: { ...failure.details, lane: rowToIdentity(lane) },
        cause: failure,
      })
    }
  }

  const make = async (asked: NewLane, call: Call, begin: Begin): Promise<Created> => {
    const client = await link.client(call.signal)
    const { cwd } = asked
    const settings = await catalogue.check(asked.settings, { cwd, signal: call.signal })
    const draft = { ...asked, settings }
    const lane = register(await beginThread(begin, client, [draft, call]), draft, call)
    await name(client, lane)
    const wanted = nameToHandle(draft.name)
    return {
      lane,
      notes: [
        ...(lane.handle === wanted ? [] : [`${wanted} was taken: the lane is ${lane.handle}.`]),
        ...(draft.settings.network ? [networkNote] : []),
      ],
    }
  }

  // The same call may come again, over another connection, while it is still being carried out.
  const making = new Map<string, Promise<Created>>()

  return {
    create: async (draft, call, begin = startThread) => {
      const known = store.lanes.byCallId(call.id)
      if (known) return { lane: known, notes: [] }
      const underway = making.get(call.id) ?? make(draft, call, begin)
      making.set(call.id, underway)
      try {
        return await underway
      } finally {
        making.delete(call.id)
      }
    },
  }
}
