// Makes lanes, each call exactly one: what was asked for is on disk before Codex is told, the thread
// carries the call's id (`threadSource`), and where an answer was lost it is looked for behind the
// fence: found means taken over, absent means begun anew. The call's id is bound to its input.
import { type CodexClient, CodexMessageTooLargeError } from '@dispatch/codex-client'
import { type Call, DispatchError } from '@dispatch/contract'
import type { CreationDraft, CreationRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Turnstile } from '../clock/turnstile.ts'
import { codexFailureToError, isRefusal, isThreadGone } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Fence } from '../codex/fence.ts'
import type { FindStarted } from '../codex/find-started.ts'
import { requestToHash } from '../deliveries/request-hash.ts'
import type { EventLog } from '../events/event-log.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import type { ThreadBeginning } from './begin-thread.ts'
import { rowToIdentity } from './lane-view.ts'
import { nameToHandle } from './naming.ts'
import type { Registration } from './registration.ts'

/** What it needs. */
export type CreateOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  catalogue: Pick<ModelCatalogue, 'check'>
  beginning: ThreadBeginning
  /** What is asked for is on disk twice, milliseconds each, and a hundred lanes may be asked for. */
  pass: Turnstile
  register: Registration
  fence: Fence
  findStarted: FindStarted
}

/** What a call asks for: `op` and `input` are what its id is bound to. */
export type Asked = { draft: CreationDraft; op: string; input: unknown }

/** A lane that was made, or had been made by the same call before. */
export type Created = { lane: LaneRow; notes: string[] }

/** Makes lanes. */
export type LaneCreation = {
  create(asked: Asked, call: Call): Promise<Created>
  /** Finishes what an earlier daemon, or a lost connection, left of a call; null where nothing of it is there. */
  finish(callId: string, client: CodexClient): Promise<LaneRow | null>
}

const networkNote =
  "With --network the agent's shell can reach dispatch itself and drive it as you."

const hashOf = ({ op, input }: Asked, { cwd }: Call): string => requestToHash(op, input, cwd)

/** Makes the creation of lanes. */
export const makeLaneCreation = (options: CreateOptions): LaneCreation => {
  const { store, clock, events, link, catalogue, beginning, register } = options

  const sourceOf = (callId: string): string => `dispatch:${callId}`

  // A thread without a user turn is kept by Codex only once it has a name.
  const name = async (client: CodexClient, lane: LaneRow): Promise<void> => {
    const { threadId, title, ephemeral, callId } = lane
    if (!ephemeral) await client.request('thread/name/set', { threadId, name: title })
    store.creations.update(callId, { state: 'done' })
  }

  const withLane = (thrown: unknown, lane: LaneRow): unknown => {
    const failure = codexFailureToError(thrown)
    if (!(failure instanceof DispatchError)) return failure
    return new DispatchError(failure.code, failure.message, {
      ...(failure.hint ? { hint: failure.hint } : {}),
      details: { ...failure.details, lane: rowToIdentity(lane) },
      cause: failure,
    })
  }

  // Its App Server ended before it had a name: no Codex has the thread any more.
  const forget = ({ threadId, ref, handle, title, source }: LaneRow): void => {
    const reason = 'Codex lost its thread before it had a name'
    events.commit(
      (tx) => {
        store.forgetting.forget(threadId)
        tx.append({ threadId, type: 'lane.detached', data: { ref, handle, title, source, reason } })
      },
      { durable: true },
    )
  }

  const nameAgain = async (client: CodexClient, lane: LaneRow): Promise<LaneRow | null> => {
    try {
      if (!lane.ephemeral) await beginning.adopt(client, lane, lane.threadId)
      store.creations.update(lane.callId, { state: 'done' })
      return lane
    } catch (error) {
      if (!isThreadGone(error)) throw withLane(error, lane)
      forget(lane)
      return null
    }
  }

  const look = async (
    client: CodexClient,
    { callId, draft, server, at }: CreationRow,
  ): Promise<LaneRow | null> => {
    const isKnown = (threadId: string): boolean => store.lanes.get(threadId) !== null
    await options.fence(client, server)
    // Nobody can join an ephemeral thread that another connection began.
    const threadId =
      draft === null || draft.ephemeral
        ? null
        : await options.findStarted(client, { source: sourceOf(callId), since: at, isKnown })
    if (draft === null || threadId === null) {
      store.creations.update(callId, { state: 'absent', draft: null })
      return null
    }
    const started = await beginning.adopt(client, draft, threadId)
    const from = await beginning.inherited(client, draft, threadId)
    return register({ started, from }, draft, { callId, state: 'done' })
  }

  const takeUp = async (client: CodexClient, callId: string): Promise<LaneRow | null> => {
    const row = store.creations.get(callId)
    const lane = row?.threadId == null ? null : store.lanes.get(row.threadId)
    if (row?.state === 'begun') return await look(client, row)
    return row?.state === 'registered' && lane ? await nameAgain(client, lane) : lane
  }

  const begin = async (client: CodexClient, draft: CreationDraft, call: Call) => {
    try {
      return await beginning.begin(client, draft, sourceOf(call.id))
    } catch (error) {
      const isSure = isRefusal(error) || error instanceof CodexMessageTooLargeError
      if (!isSure) throw error
      store.creations.delete(call.id)
      throw codexFailureToError(error)
    }
  }

  const start = async (client: CodexClient, asked: Asked, call: Call): Promise<LaneRow> => {
    const { draft } = asked
    await options.pass()
    const row: CreationRow = {
      callId: call.id,
      inputHash: hashOf(asked, call),
      draft,
      server: link.instance(),
      at: clock.now(),
      threadId: null,
      state: 'begun',
    }
    store.durable(() => store.creations.put(row))
    const started = await begin(client, draft, call)
    const from = await beginning.inherited(client, draft, started.thread.id)
    await options.pass()
    const lane = register({ started, from }, draft, { callId: call.id, state: 'registered' })
    try {
      await name(client, lane)
    } catch (error) {
      throw withLane(error, lane)
    }
    return lane
  }

  // Silence is no answer: what became of it is seen when there is a connection again.
  const startSurely = async (client: CodexClient, asked: Asked, call: Call): Promise<LaneRow> => {
    try {
      return await start(client, asked, call)
    } catch (error) {
      if (store.creations.get(call.id)?.state !== 'begun') throw error
      const lane = await takeUp(await link.client(call.signal), call.id)
      if (lane) return lane
      throw codexFailureToError(error)
    }
  }

  const notesOf = (lane: LaneRow, { name, settings }: CreationDraft): string[] => {
    const wanted = nameToHandle(name)
    return [
      ...(lane.handle === wanted ? [] : [`${wanted} was taken: the lane is ${lane.handle}.`]),
      ...(settings.network ? [networkNote] : []),
    ]
  }

  const make = async (asked: Asked, call: Call): Promise<LaneRow> => {
    const client = await link.client(call.signal)
    const found = await takeUp(client, call.id)
    if (found) return found
    const { cwd } = asked.draft
    const settings = await catalogue.check(asked.draft.settings, { cwd, signal: call.signal })
    return await startSurely(client, { ...asked, draft: { ...asked.draft, settings } }, call)
  }

  // The same call may come again, over another connection, while it is still being carried out.
  const underway = new Map<string, { inputHash: string; made: Promise<LaneRow | null> }>()

  const once = async <T extends LaneRow | null>(
    callId: string,
    inputHash: string,
    act: () => Promise<T>,
  ): Promise<T> => {
    const made = act()
    underway.set(callId, { inputHash, made })
    try {
      return await made
    } finally {
      underway.delete(callId)
    }
  }

  const refuseOther = (inputHash: string, callId: string): void => {
    const known = underway.get(callId) ?? store.creations.get(callId)
    if (!known || known.inputHash === inputHash) return
    throw new DispatchError('conflict', `${callId} is the id of another call.`, {
      details: { callId },
    })
  }

  const laneOf = async (asked: Asked, call: Call): Promise<LaneRow> => {
    const inputHash = hashOf(asked, call)
    for (;;) {
      refuseOther(inputHash, call.id)
      const known = store.lanes.byCallId(call.id)
      const state = store.creations.get(call.id)?.state ?? 'done'
      if (known && state === 'done') return known
      const other = underway.get(call.id)
      if (!other) return await once(call.id, inputHash, () => make(asked, call))
      // Where that one fails, this one tries for itself.
      const made = await other.made.catch(() => null)
      if (made) return made
    }
  }

  return {
    create: async (asked, call) => {
      const isAgain = store.lanes.byCallId(call.id) !== null
      const lane = await laneOf(asked, call).catch((error: unknown) => {
        throw codexFailureToError(error)
      })
      return { lane, notes: isAgain ? [] : notesOf(lane, asked.draft) }
    },
    finish: async (callId, client) => {
      const row = store.creations.get(callId)
      if (!row || underway.has(callId)) return null
      return await once(callId, row.inputHash, () => takeUp(client, callId))
    },
  }
}
