// A subscription that outlives its connections: it resumes after the last cursor that it has given
// out, for ever, until its caller leaves. It never starts a daemon that ended while it listened.
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import { unlessGivenUp } from './given-up.ts'
import type { TrackedEvent } from './tracked-event.ts'
import { unreachableReason } from './unreachable.ts'

/** What to follow, and through what. */
export type FollowOptions = {
  path: string
  input: unknown
  /** The cursor to begin after. */
  after?: string | null
  signal?: AbortSignal
  clock: Clock
  /** Opens a connection for this subscription alone. */
  open: (mayStart: boolean) => Promise<Connection>
  /** Says whether to try again at once, after what it did about the error. */
  recover: (error: unknown) => Promise<boolean>
  /** Called with the first position, or event, that comes. */
  onBegin?: () => void
  /** Called when the connection is lost and the daemon is looked for again. */
  onLost?: () => void
  /** Called after that, when the daemon has taken the subscription again. */
  onBack?: () => void
}

const BACKOFF_MIN_MS = 25
const BACKOFF_MAX_MS = 2_000

const mayComeBack = (error: unknown): boolean => {
  const reason = unreachableReason(error)
  return reason !== null && reason !== 'forbidden' && reason !== 'foreign'
}

async function* run(options: FollowOptions, signal: AbortSignal): AsyncGenerator<TrackedEvent> {
  const { path, input, clock } = options
  let cursor = options.after ?? null
  let wait = BACKOFF_MIN_MS
  let begun = false
  let { onBegin } = options
  let isLost = false

  const onStarted = (): void => {
    if (isLost) options.onBack?.()
    isLost = false
  }

  async function* connected(): AsyncGenerator<TrackedEvent> {
    const connection = await unlessGivenUp(options.open(!begun), signal)
    begun = true
    signal.addEventListener('abort', connection.close)
    try {
      const request = { path, input, after: cursor, onStarted }
      for await (const event of connection.subscribe(request, signal)) {
        cursor = event.cursor ?? cursor
        onBegin?.()
        onBegin = undefined
        wait = BACKOFF_MIN_MS
        // A mere position: where to resume if the connection is lost before the first event.
        if (event.data !== null) yield event
      }
    } finally {
      signal.removeEventListener('abort', connection.close)
      connection.close()
    }
  }

  while (!signal.aborted) {
    try {
      return yield* connected()
    } catch (error) {
      if (signal.aborted) return
      if (await options.recover(error)) continue
      if (!begun || !mayComeBack(error)) throw error
      if (!isLost) options.onLost?.()
      isLost = true
    }
    await clock.pause(wait, signal)
    wait = Math.min(wait * 2, BACKOFF_MAX_MS)
  }
}

/** Follows. Leaving the loop, or the signal, ends it, also while it waits; a refusal of the daemon is thrown. */
export const follow = (options: FollowOptions): AsyncIterableIterator<TrackedEvent> => {
  const leaving = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal
  const events = run(options, signal)
  const iterator: AsyncIterableIterator<TrackedEvent> = {
    next: () => events.next(),
    return() {
      leaving.abort()
      return events.return(undefined)
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
