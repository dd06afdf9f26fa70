// Finishes the lanes whose making was cut by a crash or a lost connection, as soon as there is a
// connection to Codex: a thread that was made becomes the lane that was asked for, and gets its name.
// One that was never made is not made now: whoever asked may ask again.
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import { isRefusal } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Log } from '../log/log.ts'
import type { LaneCreation } from './create-lane.ts'

/** Finishes what is unfinished. */
export type UnfinishedCreations = Disposable & {
  /** Called at a join; does not wait. */
  finish(client: CodexClient): void
  /** Resolves when none is being finished. */
  drained(): Promise<void>
}

// Whoever passed it on may have said more about it.
const isRefused = (error: unknown): boolean =>
  isRefusal(error) || (error instanceof Error && isRefused(error.cause))

/** What it needs. */
export type UnfinishedOptions = {
  store: Store
  clock: Clock
  log: Log
  audit: Audit
  link: () => Pick<CodexLink, 'current'>
  creation: Pick<LaneCreation, 'finish'>
  touched: (threadIds: Iterable<string>) => void
  /** How long before try number `attempt`, from 1 on. */
  backoffMs: (attempt: number) => number
}

/** Makes the finishing. */
export const makeUnfinishedCreations = (options: UnfinishedOptions): UnfinishedCreations => {
  const { store, clock, log, audit, creation } = options
  const timers = new Map<string, Disposable>()
  const running = new Set<Promise<void>>()
  let isOver = false

  const stop = (callId: string): void => {
    timers.get(callId)?.[Symbol.dispose]()
    timers.delete(callId)
  }

  const report = (callId: string, lane: LaneRow | null): void => {
    log.info('lane.creation-finished', { call: callId, thread: lane?.threadId ?? null })
    if (!lane) return
    const { threadId, ref } = lane
    const detail = { callId, finished: true }
    audit.record({ op: 'new', actor: 'daemon', lane: { threadId, ref }, outcome: 'ok', detail })
    options.touched([threadId])
  }

  const attempt = async (callId: string, client: CodexClient, tries: number): Promise<void> => {
    try {
      const lane = await creation.finish(callId, client)
      report(callId, lane)
    } catch (error) {
      log.warn('lane.creation-unfinished', { call: callId, error: String(error) })
      // After a no the next join tries again, without a link that comes anyway.
      if (isOver || isRefused(error) || options.link().current() !== client) return
      const again = (): void => start(callId, client, tries + 1)
      timers.set(callId, clock.at(options.backoffMs(tries), again))
    }
  }

  const start = (callId: string, client: CodexClient, tries: number): void => {
    stop(callId)
    const step = attempt(callId, client, tries)
    running.add(step)
    void step.then(() => running.delete(step))
  }

  return {
    finish: (client) => {
      for (const { callId } of store.creations.unfinished()) start(callId, client, 1)
    },
    drained: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    [Symbol.dispose]() {
      isOver = true
      for (const callId of [...timers.keys()]) stop(callId)
    },
  }
}
