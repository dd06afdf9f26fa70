// One connection to a daemon: calls and subscriptions by id over lines of JSON. It knows nothing of
// starting daemons, of versions or of doing anything twice.
//
// States: open -> closed. A call that its caller gave up stays in the table until the daemon has
// answered it, so that no more are in flight than the daemon allows.
import type { Socket } from 'node:net'
import { bounds } from '@dispatch/contract/bounds'
import { bodyToError, type DispatchError } from '@dispatch/contract/errors'
import type { ClientHello, ServerHello, WireRequest, WireResponse } from '@dispatch/contract/wire'
import type { CallKind } from './calls.ts'
import type { Clock } from './clock.ts'
import { makeEventQueue } from './event-queue.ts'
import { makeLineReader } from '@dispatch/contract/lines'
import { makeSender } from './sender.ts'
import type { Silence } from './silence.ts'
import type { TrackedEvent } from './tracked-event.ts'
import { makeForeign, makeUnreachable } from './unreachable.ts'

/** What the daemon says of itself. */
export type DaemonHello = ServerHello['hello']

/** One call. */
export type CallRequest = {
  path: string
  kind: CallKind
  input: unknown
  /** The caller's id of the call; made again under the same id, a call creates nothing. */
  callId?: string
  /** The call is on its way: from here on the daemon may have it. */
  onSent?: () => void
}

/** One subscription. */
export type SubscribeRequest = {
  path: string
  input: unknown
  after?: string | null
  /** The daemon has taken it. */
  onStarted?: () => void
}

/** An open connection. */
export type Connection = {
  /** What the daemon said of itself; null until its first line came. */
  daemon(): DaemonHello | null
  isOpen(): boolean
  /** Settles when the socket is gone. */
  closed: Promise<void>
  /** Rejects with what the daemon answered, with `daemon_unreachable`, or with the signal's reason. */
  call(request: CallRequest, signal?: AbortSignal): Promise<unknown>
  /** Ends when the daemon ends it or the signal aborts; a consumer that lags pauses the whole socket. */
  subscribe(request: SubscribeRequest, signal?: AbortSignal): AsyncIterableIterator<TrackedEvent>
  /** Fails what is open with that error and ends the connection. */
  fail(error: unknown): void
  close(): void
}

type ConnectionOptions = {
  socket: Socket
  /** The socket's path, to name it. */
  path?: string
  hello: ClientHello['hello']
  clock: Clock
  /** Milliseconds until the daemon's first line must have come. */
  helloTimeout: number
  /** What is said of a daemon without one; asked after a second, and in the end. */
  silence?: Silence
  /** Called with the daemon's first line, before any answer is given out. */
  onHello?: (daemon: DaemonHello, connection: Connection) => void
}

type Pending = {
  onResult(result: { data?: unknown; type?: string; id?: string }): void
  onError(error: unknown): void
}

// Answers are the daemon's own and may be long pages; past this it is not speaking our wire.
const INBOUND_LINE_MAX = 64 * 1024 * 1024
const QUEUE_HIGH = 512
const QUEUE_LOW = 128
/** A daemon that is well has long said hello by then. */
const LOOK_MS = 1_000

const saysNothing = (): DispatchError =>
  makeUnreachable('silent', { message: 'The daemon took the connection but says nothing.' })

/** Makes a connection of a connected socket. */
export const makeConnection = (options: ConnectionOptions): Connection => {
  const { socket, clock } = options
  const pending = new Map<number, Pending>()
  const queued = new Set<() => void>()
  const sender = makeSender(socket, { hello: options.hello })
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>()
  let lastId = 0
  let daemon: DaemonHello | null = null
  let failure: { error: unknown } | null = null
  let callOffTimeout: (() => void) | undefined

  const fail = (error: unknown): void => {
    if (failure) return
    failure = { error }
    callOffTimeout?.()
    for (const entry of [...pending.values()]) entry.onError(error)
    pending.clear()
    while (queued.size > 0) wakeNext()
    socket.destroy()
  }

  const awaitHello = (): (() => void) => {
    const { helloTimeout, silence } = options
    const look = (isLast: boolean) => (): void => {
      const ms = isLast ? helloTimeout : LOOK_MS
      const error = silence?.(ms, isLast) ?? (isLast ? saysNothing() : null)
      if (!daemon && error) fail(error)
    }
    const callOffs = [clock.after(LOOK_MS, look(false)), clock.after(helloTimeout, look(true))]
    return () => {
      for (const callOff of callOffs) callOff()
    }
  }

  const begin = (id: number, entry: Pending): void => {
    if (pending.size === 0) socket.ref()
    pending.set(id, entry)
    callOffTimeout ??= awaitHello()
  }

  const finish = (id: number): void => {
    pending.delete(id)
    wakeNext()
    if (pending.size === 0) socket.unref()
  }

  const onHello = (hello: DaemonHello): void => {
    daemon = hello
    callOffTimeout?.()
    options.onHello?.(hello, connection)
  }

  const foreign = (): void => fail(makeForeign(options.path ?? 'the control socket'))

  const onAnswer = (answer: WireResponse): void => {
    const entry = answer.id === null ? null : pending.get(answer.id)
    if ('error' in answer) {
      const error = bodyToError(answer.error.data)
      if (answer.id === null) return fail(error)
      finish(answer.id)
      entry?.onError(error)
    } else {
      entry?.onResult(answer.result)
    }
  }

  const onLine = (line: string): void => {
    if (failure) return
    let message: WireResponse | ServerHello
    try {
      message = JSON.parse(line)
    } catch {
      return foreign()
    }
    if (typeof message !== 'object' || message === null) return foreign()
    if ('hello' in message) return onHello(message.hello)
    if (!daemon || !('id' in message)) return foreign()
    onAnswer(message)
  }

  socket.on(
    'data',
    makeLineReader({ max: INBOUND_LINE_MAX, concat: Buffer.concat, onLine, onOverflow: foreign }),
  )
  socket.on('error', (cause) =>
    fail(makeUnreachable('lost', { message: 'The connection to the daemon broke.', cause })),
  )
  socket.on('close', () => {
    fail(makeUnreachable('lost', { message: 'The connection to the daemon ended.' }))
    onClosed()
  })
  socket.unref()

  const request = (id: number, message: WireRequest): void => {
    try {
      sender.send(message)
    } catch (error) {
      pending.get(id)?.onError(error)
      finish(id)
    }
  }

  const cancel = (id: number): void => {
    if (pending.has(id) && !failure) sender.send({ id, method: 'cancel' })
  }

  // One that is given up takes no place: the next answer wakes one that still waits.
  const turn = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const start = (): void => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        queued.delete(start)
        resolve()
      }
      queued.add(start)
      signal?.addEventListener('abort', giveUp, { once: true })
    })

  const wakeNext = (): void => {
    const [next] = queued
    if (!next) return
    queued.delete(next)
    next()
  }

  const exchange = ({ path, kind, input, callId, onSent }: CallRequest, signal?: AbortSignal) =>
    new Promise<unknown>((resolve, reject) => {
      if (failure) return reject(failure.error)
      if (signal?.aborted) return reject(signal.reason)
      const id = (lastId += 1)
      const onAbort = (): void => {
        cancel(id)
        reject(signal?.reason)
      }
      const settle = (act: (value: unknown) => void) => (value: unknown) => {
        signal?.removeEventListener('abort', onAbort)
        act(value)
      }
      const [onValue, onError] = [settle(resolve), settle(reject)]
      signal?.addEventListener('abort', onAbort)
      begin(id, {
        onError,
        onResult: ({ data }) => {
          finish(id)
          onValue(data)
        },
      })
      request(id, { id, method: kind, params: callId ? { path, input, callId } : { path, input } })
      if (pending.has(id)) onSent?.()
    })

  const subscribe: Connection['subscribe'] = ({ path, input, after, onStarted }, signal) => {
    const id = (lastId += 1)
    const onAbort = (): void => {
      cancel(id)
      queue.end()
    }
    const queue = makeEventQueue<TrackedEvent>({
      high: QUEUE_HIGH,
      low: QUEUE_LOW,
      onHold: (hold) => (hold ? socket.pause() : socket.resume()),
      onReturn: () => cancel(id),
    })
    if (failure) queue.fail(failure.error)
    else if (signal?.aborted) queue.end()
    if (failure || signal?.aborted) return queue.iterator
    signal?.addEventListener('abort', onAbort)
    begin(id, {
      onError(error) {
        signal?.removeEventListener('abort', onAbort)
        queue.fail(error)
      },
      onResult(result) {
        if (result.type === 'started') onStarted?.()
        if (result.type === 'data') queue.push({ cursor: result.id ?? null, data: result.data })
        if (result.type !== 'stopped') return
        finish(id)
        signal?.removeEventListener('abort', onAbort)
        queue.end()
      },
    })
    const params = { path, input, ...(after ? { lastEventId: after } : {}) }
    request(id, { id, method: 'subscription', params })
    return queue.iterator
  }

  const connection: Connection = {
    daemon: () => daemon,
    isOpen: () => failure === null,
    closed,
    async call(call, signal) {
      while (pending.size >= bounds.callsInFlight && !signal?.aborted && !failure)
        await turn(signal)
      return exchange(call, signal)
    },
    subscribe,
    fail,
    close: () => fail(makeUnreachable('lost', { message: 'The client closed the connection.' })),
  }
  return connection
}
