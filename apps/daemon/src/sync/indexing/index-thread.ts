// The daemon's side of the thread that indexes: started when there is something to do, ended when there
// was nothing for a while, because it takes 20 MB; started again after it broke, but not at once.
import { Worker } from 'node:worker_threads'
import { DispatchError } from '@dispatch/contract'
import type { Clock } from '../../clock/clock.ts'
import type { Log } from '../../log/log.ts'
import type {
  IndexAnswer,
  IndexPlace,
  IndexProgress,
  IndexQuestion,
  IndexSaid,
  IndexTold,
} from './messages.ts'
import { workerFile } from './worker-file.ts'

/** The thread. */
export type IndexThread = AsyncDisposable & {
  ask(question: IndexQuestion, signal?: AbortSignal): Promise<IndexAnswer>
  isRunning(): boolean
  /** How far it was when it last said so; null before. */
  progress(): IndexProgress | null
  /** Why it cannot work, or null. */
  error(): string | null
}

const IDLE_MS = 60_000
/** After it broke. */
const AGAIN_MS = 30_000

type Waiting = { resolve: (answer: IndexAnswer) => void; reject: (error: unknown) => void }
type Running = { worker: Worker; waiting: Map<number, Waiting>; ended: Promise<void> }

const unavailable = (why: string): DispatchError =>
  new DispatchError('internal', `The full-text index cannot be used: ${why}`, {
    hint: 'dispatch daemon status; dispatch search asks Codex itself',
  })

type ThreadOptions = {
  clock: Clock
  log: Log
  /** It ends, because it has nothing to do. */
  resting?: () => void
  /** It is there no more, whatever for. */
  gone?: () => void
}

/** Makes the side. Nothing is started yet. */
export const makeIndexThread = (
  place: IndexPlace,
  { clock, log, resting, gone }: ThreadOptions,
): IndexThread => {
  let running: Running | null = null
  let progress: IndexProgress | null = null
  let broken: { message: string; at: number } | null = null
  let rest: Disposable | null = null
  let isIdle = false
  let lastId = 0
  let isOver = false

  const leave = (): void => {
    running = null
    gone?.()
  }

  const end = async (): Promise<void> => {
    const ending = running
    rest?.[Symbol.dispose]()
    if (!ending) return
    if (isIdle) resting?.()
    void ask({ kind: 'close' }).catch(() => undefined)
    leave()
    await ending.ended
  }

  const start = (): Running => {
    // Its memory has a bound of its own: it dies alone.
    const worker = new Worker(workerFile, {
      workerData: place,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    worker.unref()
    const waiting = new Map<number, Waiting>()
    const over = Promise.withResolvers<void>()
    const made: Running = { worker, waiting, ended: over.promise }
    const fail = (message: string): void => {
      if (broken === null || running === made) {
        log.error('index.broken', { reason: message })
        broken = { message, at: clock.monotonic() }
      }
      if (running === made) leave()
      for (const one of waiting.values()) one.reject(unavailable(message))
      waiting.clear()
    }
    worker.on('message', (said: IndexSaid) => {
      if (said.kind === 'broken') return fail(said.message)
      broken = null
      if (said.kind === 'answer') {
        waiting.get(said.id)?.resolve(said.answer)
        waiting.delete(said.id)
        return
      }
      progress = said.progress
      isIdle = said.isIdle
      rest?.[Symbol.dispose]()
      rest = said.isIdle && waiting.size === 0 ? clock.at(IDLE_MS, () => void end()) : null
    })
    worker.on('error', (error) => fail(error.message))
    worker.on('exit', () => {
      if (waiting.size > 0) fail('its thread ended')
      if (running === made) leave()
      over.resolve()
    })
    return made
  }

  const current = (): Running => {
    if (isOver) throw unavailable('the daemon ends.')
    if (broken && clock.monotonic() - broken.at < AGAIN_MS) throw unavailable(broken.message)
    running ??= start()
    return running
  }

  const ask = async (question: IndexQuestion, signal?: AbortSignal): Promise<IndexAnswer> => {
    signal?.throwIfAborted()
    const { worker, waiting } = current()
    rest?.[Symbol.dispose]()
    lastId += 1
    const id = lastId
    const { promise, resolve, reject } = Promise.withResolvers<IndexAnswer>()
    waiting.set(id, { resolve, reject })
    if (question.kind !== 'close') isIdle = false
    const abort = (): void => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const told: IndexTold = { id, question }
    worker.postMessage(told, [])
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    ask,
    isRunning: () => running !== null,
    progress: () => progress,
    error: () => broken?.message ?? null,
    [Symbol.asyncDispose]: async () => {
      const ending = end()
      isOver = true
      await ending
    },
  }
}
