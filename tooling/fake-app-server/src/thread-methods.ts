/** Making, loading, reading and putting away threads. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { seconds } from './clock.ts'
import { Refusal } from './failure.ts'
import { knownThread } from './method.ts'
import type { Context, Method, Params } from './method.ts'
import { toPage } from './paging.ts'
import type { PageParams } from './paging.ts'
import { recordToSettings, recordToThread, recordToTurn } from './thread-record.ts'
import type { ThreadRecord } from './thread-record.ts'

const sandboxes: Record<string, object> = {
  'read-only': { type: 'readOnly', networkAccess: false },
  'workspace-write': {
    type: 'workspaceWrite',
    writableRoots: [],
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  },
  'danger-full-access': { type: 'dangerFullAccess' },
}

interface StartParams {
  cwd?: string
  model?: string
  serviceTier?: string
  approvalPolicy?: string
  sandbox?: string
  threadSource?: string
  config?: { model_reasoning_effort?: string }
}

const start: Method = (params, { store, peers }, peer) => {
  const settings = params as StartParams
  const id = randomUUID()
  const at = seconds()
  const thread: ThreadRecord = {
    id,
    cwd: settings.cwd ?? store.home,
    model: settings.model ?? 'fake-model',
    reasoningEffort: settings.config?.model_reasoning_effort ?? null,
    serviceTier: settings.serviceTier ?? null,
    approvalPolicy: settings.approvalPolicy ?? 'on-request',
    sandbox: sandboxes[settings.sandbox ?? 'read-only'] ?? {},
    threadSource: settings.threadSource ?? null,
    originator: peer.clientName ?? '',
    path: join(store.home, 'sessions', `rollout-${id}.jsonl`),
    createdAt: at,
    updatedAt: at,
    name: null,
    preview: '',
    goal: null,
    archived: false,
    materialised: false,
    turns: [],
  }
  store.threads.set(id, thread)
  store.loaded.set(id, { type: 'idle' })
  peer.subscribed.add(id)
  const wire = recordToThread(thread, { type: 'idle' })
  setImmediate(() => peers.broadcast('thread/started', { thread: wire }))
  return { thread: wire, ...recordToSettings(thread) }
}

const turnsPage = (thread: ThreadRecord, params: PageParams & { itemsView?: string | null }) => {
  const page = toPage(thread.turns, params, 'desc')
  return {
    ...page,
    data: page.data.map((turn) => recordToTurn(turn, params.itemsView ?? 'summary')),
  }
}

const resume: Method = (params, { store, peers }, peer) => {
  const thread = store.threads.get(params.threadId ?? '')
  if (!thread?.materialised) {
    throw new Refusal(`no rollout found for thread id ${params.threadId}`)
  }
  const { id } = thread
  if (thread.archived) {
    const hint = `Run \`codex unarchive ${id}\` to unarchive it first.`
    throw new Refusal(`session ${id} is archived. ${hint}`)
  }
  const wasLoaded = store.loaded.has(id)
  if (!wasLoaded) store.loaded.set(id, { type: 'idle' })
  peer.subscribed.add(id)
  setImmediate(() => {
    if (!wasLoaded) {
      const status = store.statusOf(id)
      peers.broadcast('thread/status/changed', { threadId: id, status })
    }
    peers.repeatQuestions(peer, id)
  })
  const page = params['initialTurnsPage'] as PageParams | undefined
  const turns = params['excludeTurns'] === true ? [] : thread.turns
  return {
    thread: recordToThread(
      thread,
      store.statusOf(id),
      turns.map((turn) => recordToTurn(turn, 'full')),
    ),
    ...recordToSettings(thread),
    collaborationMode: null,
    initialTurnsPage: page ? turnsPage(thread, page) : null,
    turnsBackwardsCursor: `at:${thread.turns.length}`,
    itemsBackwardsCursor: null,
  }
}

const read: Method = (params, context) => {
  const thread = knownThread(context, params)
  const turns = params['includeTurns'] === true ? thread.turns : []
  const wire = turns.map((turn) => recordToTurn(turn, 'full'))
  return {
    thread: recordToThread(thread, context.store.statusOf(thread.id), wire),
    readState: null,
  }
}

function pagedThread(context: Context, params: Params, method: string): ThreadRecord {
  const thread = knownThread(context, params)
  if (!thread.materialised) throw new Refusal(`${method} is not supported yet`, -32601)
  return thread
}

const listTurns: Method = (params, context) =>
  turnsPage(pagedThread(context, params, 'list_turns'), params as PageParams)

const listItems: Method = (params, context) => {
  const { turns } = pagedThread(context, params, 'thread/items/list')
  const entries = turns.flatMap(({ id, items }) =>
    items.map((item) => {
      const { startedAtMs = null, completedAtMs = null } = item
      return { turnId: id, item, startedAtMs, completedAtMs }
    }),
  )
  const wanted = params['turnId']
  const own = wanted == null ? entries : entries.filter(({ turnId }) => turnId === wanted)
  return toPage(own, params as PageParams, 'asc')
}

const list: Method = (params, { store }) => {
  const threads = [...store.threads.values()].filter(({ turns, archived }) => {
    return turns.length > 0 && archived === (params['archived'] === true)
  })
  const page = toPage(threads, params as PageParams, 'desc')
  const data = page.data.map((thread) => recordToThread(thread, store.statusOf(thread.id)))
  return { ...page, data, readStates: {} }
}

const setName: Method = (params, context) => {
  const thread = knownThread(context, params)
  const name = params['name'] as string
  if (name === '') throw new Refusal('thread name must not be empty')
  thread.name = name
  context.store.append(thread, [])
  context.store.save()
  const { id: threadId } = thread
  context.peers.broadcast('thread/name/updated', { threadId, threadName: name })
  return {}
}

const unsubscribe: Method = (params, { store }, peer) => {
  const id = params.threadId ?? ''
  if (!store.loaded.has(id)) return { status: 'notLoaded' }
  return { status: peer.subscribed.delete(id) ? 'unsubscribed' : 'notSubscribed' }
}

const archive: Method = (params, context) => {
  const { store, peers, running } = context
  const thread = store.threads.get(params.threadId ?? '')
  if (!thread || thread.archived) {
    throw new Refusal(`no rollout found for thread id ${params.threadId}`)
  }
  const { id } = thread
  running.get(id)?.interrupt()
  thread.archived = true
  store.save()
  // After an interrupted turn has told its end.
  setImmediate(() => {
    store.loaded.delete(id)
    peers.broadcast('thread/status/changed', { threadId: id, status: store.statusOf(id) })
    peers.broadcast('thread/archived', { threadId: id })
  })
  return {}
}

const unarchive: Method = (params, context) => {
  const thread = knownThread(context, params)
  thread.archived = false
  context.store.save()
  setImmediate(() => context.peers.broadcast('thread/unarchived', { threadId: thread.id }))
  return { thread: recordToThread(thread, context.store.statusOf(thread.id)) }
}

export const threadMethods: Record<string, Method> = {
  'thread/start': start,
  'thread/resume': resume,
  'thread/read': read,
  'thread/list': list,
  'thread/loaded/list': (_params, { store }) => ({
    data: [...store.loaded.keys()],
    nextCursor: null,
  }),
  'thread/turns/list': listTurns,
  'thread/items/list': listItems,
  'thread/name/set': setName,
  'thread/unsubscribe': unsubscribe,
  'thread/archive': archive,
  'thread/unarchive': unarchive,
}
