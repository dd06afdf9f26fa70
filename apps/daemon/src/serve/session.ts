// One connection of the control socket: its hello, its calls in flight, its end.
//
// States: new -> greeted -> closing -> closed. Whatever comes before the hello is refused. In closing
// what is in flight is told to end; only its successes are still sent, so that a client makes again
// what did not succeed. Closing is bounded: neither a call that goes on nor a peer that does not read
// keeps the daemon.
import type { Socket } from 'node:net'
import { bounds, Cancelled, DispatchError, type ErrorCode, errorToBody } from '@dispatch/contract'
import type { Clock } from '../clock/clock.ts'
import { errorLine, helloLine } from './answer.ts'
import { type Caller, helloToCaller } from './hello.ts'
import { makeLineReader } from '@dispatch/contract/lines'
import { makeOutbox } from './outbox.ts'
import { parseLine, type Request } from './request.ts'
import type { Runner } from './runner.ts'

/** An open connection. */
export type Session = {
  followers(): number
  /** Ends it when what is in flight has ended, or after 3 s; `farewell` is the last line. */
  close(farewell: string): Promise<void>
}

type SessionOptions = {
  socket: Socket
  hello: { wire: number; version: string; contract: string; pid: number }
  run: Runner
  clock: Clock
}

/** What is in flight has so long to end once it is told, and the peer so long to read the rest. */
const RUNS_MS = 2_000
const PEER_MS = 1_000

/** What may wait for the client before nothing more is read from it. */
const BACKLOG_MAX = 1024 * 1024

type Live = { controller: AbortController; isFollower: boolean }

/** Serves a socket until it closes. */
export const makeSession = ({ socket, hello, run, clock }: SessionOptions): Session => {
  const outbox = makeOutbox(socket)
  const live = new Map<number, Live>()
  const running = new Set<Promise<void>>()
  let caller: Caller | null = null
  let closing = false

  const refuse = (id: number | null, code: ErrorCode, message: string): void =>
    outbox.push(errorLine(id, errorToBody(new DispatchError(code, message))))

  const hangUp = (): void => {
    closing = true
    outbox.flush()
    socket.end(() => socket.destroy())
  }

  const greet = (claim: unknown): void => {
    if (caller) return refuse(null, 'validation', 'The hello came twice.')
    const claimed = helloToCaller(claim)
    if (!claimed) return refuse(null, 'validation', 'The hello is not one of this wire.')
    outbox.push(helloLine(hello))
    if (claimed.wire === hello.wire) {
      caller = claimed
      return
    }
    const message = `This daemon speaks wire ${hello.wire}, the client wire ${claimed.wire}.`
    refuse(null, 'daemon_unreachable', message)
    hangUp()
  }

  const start = (request: Request, from: Caller): void => {
    const { id, method } = request
    if (live.has(id)) return refuse(null, 'validation', `Call ${id} is still in flight.`)
    if (live.size >= bounds.callsInFlight) {
      return refuse(id, 'validation', `More than ${bounds.callsInFlight} calls are in flight.`)
    }
    const controller = new AbortController()
    live.set(id, { controller, isFollower: method === 'subscription' })
    const ended = run({
      request,
      caller: from,
      outbox,
      signal: controller.signal,
      isClosing: () => closing,
      settled: () => live.delete(id),
    })
    running.add(ended)
    void ended.then(() => running.delete(ended))
  }

  const onLine = (text: string): void => {
    if (closing) return
    const line = parseLine(text)
    if (line.kind === 'hello') greet(line.hello)
    else if (line.kind === 'bad') refuse(line.id, 'validation', `Not a call: ${line.why}.`)
    else if (line.kind === 'cancel') live.get(line.id)?.controller.abort(new Cancelled())
    else if (caller) start(line.request, caller)
    else refuse(line.request.id, 'validation', 'The first line of a connection is its hello.')
  }

  const read = makeLineReader({
    max: bounds.wireLine,
    concat: Buffer.concat,
    onLine,
    onOverflow() {
      refuse(null, 'validation', `A line may have at most ${bounds.wireLine} bytes.`)
      hangUp()
    },
  })

  const awaitReader = async (): Promise<void> => {
    socket.pause()
    while (outbox.backlog() > BACKLOG_MAX && socket.writable) await outbox.room()
    socket.resume()
  }

  socket.on('data', (chunk: Buffer) => {
    read(chunk)
    if (outbox.backlog() > BACKLOG_MAX) void awaitReader()
  })
  // What a client did to its own end is told by the close that follows.
  socket.on('error', () => undefined)
  const abortAll = (): void => {
    closing = true
    for (const { controller } of live.values()) controller.abort()
  }
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      abortAll()
      resolve()
    })
  })

  return {
    followers: () => [...live.values()].filter(({ isFollower }) => isFollower).length,
    async close(farewell) {
      abortAll()
      const late = Promise.withResolvers<void>()
      using _late = clock.at(RUNS_MS, () => late.resolve())
      using _gone = clock.at(RUNS_MS + PEER_MS, () => socket.destroy())
      await Promise.race([Promise.all(running), late.promise])
      if (farewell !== '') outbox.push(farewell)
      hangUp()
      await closed
    },
  }
}
