// The full-text index as the daemon sees it: woken by what is committed and by sync, told off by the
// configuration, asked by query.
import { type Call, DispatchError, type IndexState, type LaneIndex } from '@dispatch/contract'
import { existsSync } from 'node:fs'
import type { SearchPage, SearchPageQuery, Store } from '@dispatch/store'
import type { Clock } from '../../clock/clock.ts'
import type { EventLog } from '../../events/event-log.ts'
import { makeSignal } from '../../events/signal.ts'
import type { Log } from '../../log/log.ts'
import { indexedTypes } from './catch-up.ts'
import { type IndexThread, makeIndexThread } from './index-thread.ts'
import type { IndexPlace } from './messages.ts'

/** The index. */
export type Indexing = AsyncDisposable & {
  /** A page; throws `validation` where the index is off or the cursor is none of it. */
  page(asked: SearchPageQuery, call: Pick<Call, 'signal'>): Promise<SearchPage>
  /** Indexes what sync has read of a lane; false where that is not over in time. */
  synced(threadId: string): Promise<boolean>
  /** Makes a checkpoint of the registry in the thread, which it starts; throws `validation` where the index is off. */
  checkpoint(): Promise<void>
  /** Whether the thread is there, and may be asked. */
  isRunning(): boolean
  /** Calls `fn` when the thread has ended, until disposed. */
  ended(fn: () => void): Disposable
  state(): IndexState
  ofLane(threadId: string): LaneIndex
}

type IndexingOptions = {
  store: Store
  place: IndexPlace
  clock: Clock
  log: Log
  events: EventLog
  /** Asked each time. */
  isOn: () => boolean
}

/** The start of the daemon has the processor for itself. */
const START_MS = 10_000
/** Many events in one commit cost less than many commits. */
const EVERY_MS = 1_000
/** What a call waits for what it read to be indexed: as a rule some 50 ms. */
const SYNCED_MS = 5_000
/** The configuration is a file, and many commits a second ask. */
const KNOWN_MS = 1_000

/** Where it stands in the registry. */
const THROUGH = 'index.through'

const storedThrough = (store: Store): number | null => {
  const seq = store.runtime.get(THROUGH)
  return typeof seq === 'number' && seq <= store.events.lastSeq() ? seq : null
}

const off = (): DispatchError =>
  new DispatchError('validation', 'The full-text index is switched off.', {
    hint: 'Set enabled = true in [index] of config.toml, or use dispatch search.',
  })

/** Makes it; nothing is indexed before a moment has passed or somebody asks. */
export const makeIndexing = (options: IndexingOptions): Indexing => {
  const { clock, log, events, isOn, store, place } = options

  // Up to where everything is indexed, kept while the thread rests: a daemon to which nothing happens
  // needs none, and saves its 20 MB. Null: it has to look.
  let through = existsSync(place.index) ? storedThrough(store) : null
  const keep = (seq: number | null): void => {
    try {
      store.runtime.set(THROUGH, seq)
    } catch (error) {
      log.debug('index.behind', { error })
    }
  }
  const hasNews = (): boolean => {
    if (through === null) return true
    const asked = { afterSeq: through, limit: 1, types: indexedTypes }
    const { rows, throughSeq } = store.events.readAfter(asked)
    if (rows.length > 0) return true
    through = throughSeq
    return false
  }

  const resting = (): void => keep(through)
  const gone = makeSignal(log)
  const thread: IndexThread = makeIndexThread(place, { clock, log, resting, gone: gone.notify })
  let known = { isOn: false, at: Number.NEGATIVE_INFINITY }
  const isRunning = (): boolean => {
    if (!thread.isRunning()) return false
    const at = clock.monotonic()
    if (at - known.at >= KNOWN_MS) known = { isOn: isOn(), at }
    return known.isOn
  }
  // Lanes whose files are yet to be looked at: the thread has said nothing of them.
  const unheard = new Set<string>()
  let isOver = false
  let waking: Disposable | null = null

  // Query asks for what is new itself: all that this keeps small is what it then waits for.
  const wake = (ms: number): void => {
    waking ??= clock.at(ms, () => {
      const cursor = events.lastCursor()
      const goOn = (): void => {
        waking = null
        if (!isOver && events.lastCursor() !== cursor) wake(EVERY_MS)
      }
      const failed = (error: unknown): void => {
        log.debug('index.behind', { error })
        goOn()
      }
      if (!isOn() || !hasNews()) return goOn()
      const upTo = store.events.lastSeq()
      const caughtUp = (): void => {
        through = upTo
        goOn()
      }
      thread.ask({ kind: 'catch-up' }).then(caughtUp, failed)
    })
  }
  // A delta is no news: it is not stored.
  const listening = events.woken(() => wake(EVERY_MS))
  wake(START_MS)

  const stateOf = (isBehind: boolean): LaneIndex['state'] => {
    if (!isOn()) return 'off'
    if (thread.error() !== null) return 'unavailable'
    return isBehind ? 'behind' : 'done'
  }

  return {
    page: async (asked, { signal }) => {
      if (!isOn()) throw off()
      const answer = await thread.ask({ kind: 'page', asked }, signal)
      if (answer.kind === 'page') return answer.page
      throw new DispatchError('validation', 'That is no cursor of this query.', {
        hint: 'Take the nextCursor of an answer to the same words and filters.',
      })
    },
    synced: async (threadId) => {
      // Not lost to a kill, nor while it is off: the next daemon looks.
      keep(null)
      if (!isOn()) return true
      unheard.add(threadId)
      const late = Promise.withResolvers<boolean>()
      using _timer = clock.at(SYNCED_MS, () => late.resolve(false))
      // The index is no part of what sync promises.
      const indexed = thread.ask({ kind: 'synced', threadId }).then(
        () => true,
        () => false,
      )
      void indexed.then(() => unheard.delete(threadId))
      return await Promise.race([indexed, late.promise])
    },
    checkpoint: async () => {
      if (!isOn()) throw off()
      const answer = await thread.ask({ kind: 'checkpoint' })
      if (answer.kind === 'no-checkpoint') throw new DispatchError('internal', answer.message)
    },
    isRunning,
    ended: gone.listen,
    state: () => {
      const progress = thread.progress()
      const { items = null, bytesToDo = 0 } = progress ?? {}
      const lanesToDo = Math.max(progress?.lanesToDo ?? 0, unheard.size)
      const state = stateOf((progress === null && through === null) || lanesToDo > 0)
      return { state, items, lanesToDo, bytesToDo, error: thread.error() }
    },
    ofLane: (threadId) => {
      const progress = thread.progress()
      const mine = progress?.behind.find(([id]) => id === threadId)
      const isUnknown = progress === null && through === null
      const isBehind = isUnknown || mine !== undefined || unheard.has(threadId)
      return { state: stateOf(isBehind), bytesToDo: mine?.[1] ?? 0 }
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true
      listening[Symbol.dispose]()
      waking?.[Symbol.dispose]()
      await thread[Symbol.asyncDispose]()
    },
  }
}
