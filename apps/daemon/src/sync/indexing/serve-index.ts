// The loop of the thread that indexes: questions as they come, and a step of the work between them.
// A checkpoint waits for one step at most, also where a question waits for all of them: meanwhile
// the WAL grows, and a commit has to make it.
import { setImmediate as turn } from 'node:timers/promises'
import { CursorError } from '@dispatch/store'
import type { Clock } from '../../clock/clock.ts'
import type { Indexer } from './indexer.ts'
import type { IndexAnswer, IndexQuestion, IndexSaid, IndexTold } from './messages.ts'

/** A way to the daemon and back. */
export type IndexPort = {
  on(event: 'message', listener: (told: IndexTold) => void): unknown
  postMessage(said: IndexSaid): void
}

/** How often it tells how far it is, while it works. */
const TELL_MS = 100

/** What the thread works with. */
export type IndexWork = {
  indexer: Indexer
  /** Makes a checkpoint of the registry. */
  checkpoint: () => void
}

const errorToText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Serves until it is told to close; the id of that question, which is answered when the index is closed. */
export const serveIndex = async (
  { indexer, checkpoint }: IndexWork,
  port: IndexPort,
  clock: Clock,
): Promise<number> => {
  let inbox: IndexTold[] = []
  let wake = (): void => {}
  port.on('message', (told) => {
    inbox.push(told)
    wake()
  })
  const answer = (id: number, answer: IndexAnswer): void =>
    port.postMessage({ kind: 'answer', id, answer })

  let told = -TELL_MS
  const tell = (isIdle: boolean): void => {
    const now = clock.monotonic()
    if (!isIdle && now - told < TELL_MS) return
    told = now
    port.postMessage({ kind: 'progress', progress: indexer.progress(), isIdle })
  }

  // Who waits for a lane's file, by lane.
  const waiting = new Map<string, number[]>()
  const settle = (): void => {
    for (const [threadId, ids] of waiting) {
      if (indexer.isBehind(threadId)) continue
      waiting.delete(threadId)
      for (const id of ids) answer(id, { kind: 'done' })
    }
  }

  const pageOf = (asked: Extract<IndexQuestion, { kind: 'page' }>['asked']): IndexAnswer => {
    try {
      return { kind: 'page', page: indexer.page(asked) }
    } catch (error) {
      if (error instanceof CursorError) return { kind: 'no-cursor' }
      throw error
    }
  }

  const checkpointed = (): IndexAnswer => {
    try {
      checkpoint()
      return { kind: 'done' }
    } catch (error) {
      return { kind: 'no-checkpoint', message: errorToText(error) }
    }
  }

  const serveCheckpoints = (): void => {
    const asked = inbox.filter(({ question }) => question.kind === 'checkpoint')
    if (asked.length === 0) return
    inbox = inbox.filter(({ question }) => question.kind !== 'checkpoint')
    const said = checkpointed()
    for (const { id } of asked) answer(id, said)
  }

  const catchUp = async (): Promise<void> => {
    while (indexer.catchUp()) {
      await turn()
      serveCheckpoints()
    }
  }

  const take = async (id: number, question: Exclude<IndexQuestion, { kind: 'close' }>) => {
    switch (question.kind) {
      case 'catch-up':
        await catchUp()
        return answer(id, { kind: 'done' })
      case 'checkpoint':
        return answer(id, checkpointed())
      case 'page':
        await catchUp()
        return answer(id, pageOf(question.asked))
      case 'synced':
        await indexer.synced(question.threadId)
        waiting.set(question.threadId, [...(waiting.get(question.threadId) ?? []), id])
        return settle()
    }
  }

  await indexer.begin()
  for (;;) {
    const next = inbox.shift()
    if (next?.question.kind === 'close') return next.id
    if (next) {
      await take(next.id, next.question)
      continue
    }
    const [first] = waiting.keys()
    const more = await indexer.step(first)
    settle()
    // Messages arrive in between.
    await turn()
    if (inbox.length > 0) continue
    tell(!more)
    if (more) continue
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    await promise
  }
}
