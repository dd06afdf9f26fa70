/**
 * A turn, as a script has it, in the order of the real server's notifications: status active,
 * turn/started, user message started and completed (the durable moment), agent message with its
 * deltas, token usage, status idle, turn/completed.
 */
import { randomUUID } from 'node:crypto'
import { now, pause, seconds, silence } from './clock.ts'
import type { Peers } from './peer.ts'
import { substitute } from './scenario.ts'
import type { TurnPoint, TurnScript } from './scenario.ts'
import { recordToTurn } from './thread-record.ts'
import type { Item, ThreadRecord, ThreadStatus, TurnRecord } from './thread-record.ts'
import type { ThreadStore } from './thread-store.ts'

export interface UserInput {
  input: { type: string; text?: string }[]
  clientUserMessageId?: string | null
}

export interface RunningTurn {
  readonly turn: TurnRecord
  /** True once turn/started is out: only then does an interrupt find it. */
  isStarted: boolean
  steer(message: UserInput): void
  interrupt(): void
}

export interface TurnOptions {
  store: ThreadStore
  peers: Peers
  thread: ThreadRecord
  script: TurnScript
  message: UserInput
  /** Resolves when a request of that method comes. */
  asked: (method: string) => Promise<void>
  exit: (code: number) => void
  ended: () => void
}

const textOf = ({ input }: UserInput) => input.map(({ text }) => text ?? '').join('\n')

/** Starts a turn; it runs until it ends by itself, is interrupted, or the process exits. */
export function startTurn(options: TurnOptions): RunningTurn {
  const { store, peers, thread, script, message } = options
  const interruption = new AbortController()
  const { signal } = interruption
  const turn: TurnRecord = {
    id: randomUUID(),
    status: 'inProgress',
    error: null,
    startedAt: seconds(),
    completedAt: null,
    items: [],
  }
  const place = { threadId: thread.id, turnId: turn.id }
  const publish = (method: string, params: object) => peers.publish(thread.id, method, params)
  const setStatus = (status: ThreadStatus) => {
    store.loaded.set(thread.id, status)
    peers.broadcast('thread/status/changed', { threadId: thread.id, status })
  }

  /** Does what the script says of a point before it; resolves when the turn may pass it. */
  async function reach(point: TurnPoint) {
    if (script.exitAt === point) {
      options.exit(0)
      await silence(signal)
    }
    if (script.stopAt === point) await silence(signal)
  }

  const startItem = (item: Item) =>
    publish('item/started', { item, ...place, startedAtMs: item['startedAtMs'] })

  function completeItem(item: Item, lines: { type: string; payload: object }[]) {
    const completedAtMs = now()
    const done: Item = { ...item, completedAtMs }
    turn.items.push(done)
    const type = item.type[0]?.toUpperCase() + item.type.slice(1)
    const payload = { type: 'item_completed', thread_id: thread.id, turn_id: turn.id }
    const entry = { ...done, type, client_id: done['clientId'] }
    store.append(thread, [...lines, { type: 'event_msg', payload: { ...payload, item: entry } }])
    store.save()
    publish('item/completed', { item: done, ...place, completedAtMs })
  }

  function userItem({ input, clientUserMessageId }: UserInput): Item {
    const clientId = clientUserMessageId ?? null
    const content = input.map((part) => ({ ...part, text_elements: [] }))
    return { type: 'userMessage', id: randomUUID(), clientId, content, startedAtMs: now() }
  }

  function completeUser(item: Item, text: string) {
    const content = [{ type: 'input_text', text }]
    if (thread.preview === '') thread.preview = text
    const payload = { type: 'message', role: 'user', content }
    completeItem(item, [{ type: 'response_item', payload }])
  }

  async function sayReply() {
    const text = script.reply ?? `You said: ${textOf(message)}`
    const count = script.deltas ?? 1
    const size = Math.max(1, Math.ceil(text.length / count))
    const item = { type: 'agentMessage', id: `msg_${randomUUID()}`, text: '', phase: null }
    await reach('agentMessage/started')
    startItem({ ...item, startedAtMs: now() })
    for (let at = 0; at < count; at += 1) {
      if (at > 0 && script.everyMs !== undefined) await pause(script.everyMs, signal)
      const delta = text.slice(at * size, (at + 1) * size)
      publish('item/agentMessage/delta', { ...place, itemId: item.id, delta })
    }
    await reach('agentMessage/completed')
    completeItem({ ...item, text, startedAtMs: now() }, [])
    const [inputTokens, outputTokens] = [1000, Math.ceil(text.length / 4)]
    const counts = { totalTokens: inputTokens + outputTokens, inputTokens, outputTokens }
    const usage = {
      ...counts,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      reasoningOutputTokens: 0,
    }
    const tokenUsage = { total: usage, last: usage, modelContextWindow: 258_400 }
    publish('thread/tokenUsage/updated', { ...place, tokenUsage })
  }

  async function play() {
    await reach('turn/started')
    setStatus({ type: 'active', activeFlags: [] })
    running.isStarted = true
    publish('turn/started', { threadId: thread.id, turn: recordToTurn(turn, 'notLoaded') })
    await reach('userMessage/started')
    const item = userItem(message)
    startItem(item)
    await reach('userMessage/completed')
    completeUser(item, textOf(message))
    for (const { method, params = {} } of substitute(script.emit ?? [], place)) {
      publish(method, params)
    }
    if (script.request) {
      setStatus({ type: 'active', activeFlags: ['waitingOnApproval'] })
      await peers.ask(thread.id, substitute(script.request, place), signal)
      setStatus({ type: 'active', activeFlags: [] })
    }
    if (!script.error) await sayReply()
    await reach('turn/completed')
    if (script.endsAt === undefined) return
    setStatus({ type: 'idle' })
    await options.asked(script.endsAt)
  }

  function finish(status: TurnRecord['status'], error: TurnScript['error']) {
    turn.status = status
    turn.error = error ? { ...error, additionalDetails: null, misalignment: null } : null
    turn.completedAt = seconds()
    thread.updatedAt = turn.completedAt
    store.save()
    options.ended()
    setStatus({ type: status === 'failed' ? 'systemError' : 'idle' })
    if (turn.error) publish('error', { error: turn.error, willRetry: false, ...place })
    const items = turn.items.filter(({ type }) => type === 'agentMessage').slice(-1)
    const summary = { ...recordToTurn(turn, 'summary'), items: status === 'completed' ? items : [] }
    publish('turn/completed', { threadId: thread.id, turn: summary })
  }

  const running: RunningTurn = {
    turn,
    isStarted: false,
    steer(steered) {
      const item = userItem(steered)
      startItem(item)
      completeUser(item, textOf(steered))
    },
    interrupt: () => interruption.abort(),
  }
  thread.turns.push(turn)
  // After the answer of turn/start has been written.
  setImmediate(() => {
    play().then(
      () => finish(script.error ? 'failed' : 'completed', script.error),
      (error: unknown) => {
        if (!signal.aborted) throw error
        finish('interrupted', undefined)
      },
    )
  })
  return running
}
