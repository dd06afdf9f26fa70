// A follower on a bare socket, of a daemon or of a floor that speaks like one: a thousand of them in
// the process of the bench have to cost less than what they measure.
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { makeLines } from './floors/lines.ts'

/** An event as it comes over the wire. */
export type WireEvent = { type?: string; data?: Record<string, unknown>; [field: string]: unknown }

/** A connection with one subscription on it. */
export type SocketFollower = Disposable & {
  /** What came so far, in bytes. */
  bytes(): number
  /** Stops reading; what comes meanwhile waits with the kernel, then with the other end. */
  pause(): void
  resume(): void
}

type Line = { result?: { type?: string; data?: WireEvent } }

const HELLO = { wire: 1, version: '0', contract: '', caller: 'client', cwd: '/', zone: 'UTC' }

/** Follows with an input of `watchFollow`; there when the other end says that it is. */
export const followSocket = async (
  path: string,
  input: Record<string, unknown>,
  onEvent: (event: WireEvent) => void,
): Promise<SocketFollower> => {
  const socket = createConnection(path)
  await once(socket, 'connect')
  const started = Promise.withResolvers<void>()
  socket.once('close', () => started.reject(new Error(`${path} closed`)))
  socket.on(
    'data',
    makeLines((line) => {
      const { result } = JSON.parse(line) as Line
      if (result?.type === 'started') started.resolve()
      else if (result?.data) onEvent(result.data)
    }),
  )
  const params = { path: 'watchFollow', input }
  const call = { id: 1, method: 'subscription', params }
  socket.write(`${JSON.stringify({ hello: HELLO })}\n${JSON.stringify(call)}\n`)
  await started.promise
  return {
    bytes: () => socket.bytesRead,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
