// Calls and subscriptions by path on the daemon of one home. Calls share a connection; a subscription
// has one of its own, because a consumer that lags pauses its socket. A call whose connection was
// lost is made again once under the same id, so that what it creates is created once.
import type { Client } from './calls.ts'
import type { Clock } from './clock.ts'
import type { CallRequest, Connection } from './connection.ts'
import { type ConnectorOptions, makeConnector } from './connector.ts'
import { makeDeadline, makeLate } from './deadline.ts'
import { follow } from './follow.ts'
import { unlessGivenUp } from './given-up.ts'
import { toMayBeDone, makeUnreachable, unreachableReason } from './unreachable.ts'

/** What a client needs. */
export type ClientOptions = ConnectorOptions & {
  clock: Clock
  /** Makes the id of a call: a UUIDv7. */
  newId: () => string
  /** Milliseconds that a call may take where it says nothing else; no limit by default. */
  timeoutMs?: number
}

/** What a call is made with, each time. */
type Attempts = { request: CallRequest; autostart: boolean; signal: AbortSignal | undefined }

/**
 * The socket of a daemon that is killed takes connections until its process is gone, and drops them
 * without a word: so often, and so far apart, one tries again.
 */
const UNHEARD_MAX = 20
const UNHEARD_PAUSE_MS = 25

/** A call that was with its daemon for so long hardly brought it down: that loss counts as a first one, so often. */
const SETTLED_MS = 10_000
const SETTLED_MAX = 20

/** Makes a client. */
export const makeClient = (options: ClientOptions): Client => {
  const ending = new AbortController()
  const connector = makeConnector(options, ending.signal)
  let current: Connection | null = null
  let opening: Promise<Connection> | null = null

  const openShared = (mayStart: boolean): Promise<Connection> =>
    (opening ??= connector
      .open(mayStart)
      .then((connection) => (current = connection))
      .finally(() => {
        opening = null
      }))

  const connected = async (mayStart: boolean): Promise<Connection> => {
    if (ending.signal.aborted) throw makeUnreachable('lost', { message: 'The client is closed.' })
    if (current?.isOpen()) return current
    const isOpener = opening === null
    try {
      // Opener and the rest wait alike, so that their calls leave in the order in which they were made.
      return await (opening ?? openShared(mayStart))
    } catch (error) {
      // The caller who opened may not have been allowed to start the daemon; we may.
      if (isOpener || !mayStart || unreachableReason(error) !== 'absent') throw error
      return openShared(mayStart)
    }
  }

  const attempt = async ({ request, autostart, signal }: Attempts): Promise<unknown> => {
    let unheard = 0
    let settled = 0
    for (let lost = 0; ;) {
      let begun = Infinity
      signal?.throwIfAborted()
      let connection: Connection | null = null
      try {
        connection = current?.isOpen() ? current : await unlessGivenUp(connected(autostart), signal)
        begun = options.clock.monotonic()
        return await connection.call(request, signal)
      } catch (error) {
        if (await unlessGivenUp(connector.recover(error), signal)) continue
        if (unreachableReason(error) !== 'lost' || ending.signal.aborted) throw error
        // Nobody was there any more: it is no second loss.
        if (connection?.daemon() === null && unheard < UNHEARD_MAX) {
          unheard += 1
          await options.clock.pause(UNHEARD_PAUSE_MS, signal)
        } else if (options.clock.monotonic() - begun >= SETTLED_MS && settled < SETTLED_MAX) {
          settled += 1
          lost = 1
        } else if (lost === 0) lost += 1
        else throw error
      }
    }
  }

  const call: Client['call'] = async (path, kind, ...[input, callOptions = {}]) => {
    const { autostart = true, timeoutMs = options.timeoutMs } = callOptions
    using deadline = makeDeadline(options.clock, timeoutMs, callOptions.signal)
    const { signal } = deadline
    const callId = callOptions.callId ?? (kind === 'mutation' ? options.newId() : undefined)
    let isSent = false
    const onSent = (): void => void (isSent = true)
    const request = { path, kind, input, onSent, ...(callId ? { callId } : {}) }
    try {
      return await attempt({ request, autostart, signal })
    } catch (error) {
      const sent = kind === 'query' || !isSent || callId === undefined ? null : { callId, input }
      if (deadline.isOver() && timeoutMs !== undefined) throw makeLate(path, timeoutMs, sent)
      throw sent ? toMayBeDone(error, sent) : error
    }
  }

  const subscribe: Client['subscribe'] = (path, input, subscribeOptions = {}) => {
    const { signal, after, autostart = true, onBegin, onLost, onBack } = subscribeOptions
    return follow({
      path,
      input,
      clock: options.clock,
      signal: signal ? AbortSignal.any([signal, ending.signal]) : ending.signal,
      open: (mayStart) => connector.open(mayStart && autostart),
      recover: connector.recover,
      ...(after === undefined ? {} : { after }),
      ...(onBegin === undefined ? {} : { onBegin }),
      ...(onLost === undefined ? {} : { onLost }),
      ...(onBack === undefined ? {} : { onBack }),
    })
  }

  const close = async (): Promise<void> => {
    ending.abort()
    const connection = current ?? (await opening?.catch(() => null))
    connection?.close()
    await connection?.closed
  }

  const wasConnected = (): boolean => current !== null

  return { call, subscribe, wasConnected, close, [Symbol.asyncDispose]: close }
}
