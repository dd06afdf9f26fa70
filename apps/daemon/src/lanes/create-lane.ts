// new: starts a Codex thread, registers it as an own lane, names it (which makes it durable in
// Codex), and hands over the first message. The call's id is the lane's: the same call made again
// gives the same lane.
import { statSync } from 'node:fs'
import type { CodexClient } from '@dispatch/codex-client'
import { type Call, DispatchError, LaneSettings, type NewInput } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { settingsToThread, startedToEffective } from '../codex/translate-settings.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneLoading } from './lane-loading.ts'
import { freeHandle, nameToHandle, nameToTitle } from './naming.ts'

type CreateOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  loading: LaneLoading
  homeId: string
}

/** A lane that was made, or had been made by the same call before. */
export type Created = { lane: LaneRow; notes: string[] }

/** Makes lanes. */
export type LaneCreation = { create(input: NewInput, call: Call): Promise<Created> }

const settingNames = Object.keys(LaneSettings.shape) as (keyof LaneSettings)[]

const settingsOf = (input: NewInput): LaneSettings =>
  Object.fromEntries(
    settingNames.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  )

/** Codex takes any directory and fails inside the turn, so it is looked at here. */
const checkDirectory = (path: string, what: string): void => {
  if (!path.startsWith('/')) {
    throw new DispatchError('validation', `${what} must be an absolute path: ${path}`)
  }
  let isDirectory = false
  try {
    isDirectory = statSync(path).isDirectory()
  } catch (cause) {
    throw new DispatchError('validation', `${what} does not exist: ${path}`, {
      hint: `mkdir -p ${path}, or name another directory with --cwd`,
      details: { path },
      cause,
    })
  }
  if (!isDirectory) {
    throw new DispatchError('validation', `${what} is not a directory: ${path}`, {
      details: { path },
    })
  }
}

const networkNote =
  "With --network the agent's shell can reach dispatch itself and drive it as you."

/** Makes the creation of lanes. */
export const makeLaneCreation = (options: CreateOptions): LaneCreation => {
  const { store, clock, events, link, loading, homeId } = options

  const startThread = async (client: CodexClient, input: NewInput, call: Call) => {
    const settings = settingsOf(input)
    const cwd = input.cwd ?? call.cwd
    checkDirectory(cwd, 'The directory of the lane')
    for (const path of input.addDir ?? []) checkDirectory(path, 'A directory of --add-dir')
    try {
      const started = await client.request('thread/start', {
        ...settingsToThread(settings, { cwd, homeId }),
        serviceName: 'dispatch',
        ephemeral: input.ephemeral ?? false,
        // Comes back from Codex, so that a thread whose answer was lost can be told.
        threadSource: `dispatch:${call.id}`,
      })
      return { started, settings, cwd }
    } catch (error) {
      throw codexFailureToError(error)
    }
  }

  const register = (
    thread: Awaited<ReturnType<typeof startThread>>,
    input: NewInput,
    call: Call,
  ): LaneRow => {
    const { started, settings, cwd } = thread
    const threadId = started.thread.id
    loading.started(threadId)
    return events.commit(
      (tx) => {
        const at = clock.now()
        const row: LaneRow = {
          threadId,
          ref: store.refs.allocate(threadId),
          name: input.name,
          handle: freeHandle(
            nameToHandle(input.name),
            (handle) => store.lanes.byLiveHandle(handle) !== null,
          ),
          title: nameToTitle(input.name),
          source: 'own',
          cwd,
          status: 'idle',
          ephemeral: input.ephemeral ?? false,
          settings,
          effective: startedToEffective(started),
          activeTurnId: null,
          latestTurnId: null,
          held: false,
          stalled: false,
          lastMessage: null,
          usage: null,
          rolloutPath: started.thread.path,
          callId: call.id,
          createdAt: at,
          updatedAt: at,
          archivedAt: null,
        }
        store.lanes.insert(row)
        const data = { title: row.title, cwd, source: 'own', ephemeral: row.ephemeral }
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
        details: { ...failure.details, lane: { ref: lane.ref, id: lane.threadId } },
        cause: failure,
      })
    }
  }

  const make = async (input: NewInput, call: Call): Promise<Created> => {
    const client = await link.client(call.signal)
    const lane = register(await startThread(client, input, call), input, call)
    await name(client, lane)
    const wanted = nameToHandle(input.name)
    return {
      lane,
      notes: [
        ...(lane.handle === wanted ? [] : [`${wanted} was taken: the lane is ${lane.handle}.`]),
        ...(input.network ? [networkNote] : []),
      ],
    }
  }

  // The same call may come again, over another connection, while it is still being carried out.
  const making = new Map<string, Promise<Created>>()

  return {
    create: async (input, call) => {
      const known = store.lanes.byCallId(call.id)
      if (known) return { lane: known, notes: [] }
      const underway = making.get(call.id) ?? make(input, call)
      making.set(call.id, underway)
      try {
        return await underway
      } finally {
        making.delete(call.id)
      }
    },
  }
}
