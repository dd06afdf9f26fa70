/**
 * A place where the server waits until a test lets it go on: a socket of the test's. That the server is
 * there is the connection, that it may go on is its end.
 */
import { connect, createServer, type Socket } from 'node:net'

/** Waits at the gate; where there is none it is open. */
export function passGate(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.resume()
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
  })
}

/** The test's half. */
export interface Gate extends AsyncDisposable {
  /** Resolves when the server is there. */
  readonly reached: Promise<void>
  /** Lets it go on, now and whenever it comes. */
  open(): void
}

/** Makes a gate at that path, closed. */
export async function makeGate(path: string): Promise<Gate> {
  const waiting = new Set<Socket>()
  const { promise: reached, resolve } = Promise.withResolvers<void>()
  let isOpen = false
  const server = createServer((socket) => {
    resolve()
    if (isOpen) return void socket.end()
    waiting.add(socket)
    socket.once('close', () => waiting.delete(socket))
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(path, listening.resolve)
  await listening.promise
  const open = () => {
    isOpen = true
    for (const socket of waiting) socket.end()
  }
  return {
    reached,
    open,
    async [Symbol.asyncDispose]() {
      open()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}
