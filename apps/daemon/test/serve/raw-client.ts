// A client that writes what it is told, byte for byte, and reads lines.
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import type { WireResponse } from '@dispatch/contract'

export const hello = {
  wire: 1,
  version: '1.2.3',
  contract: 'abc',
  caller: 'client',
  cwd: '/work',
  zone: 'Europe/Berlin',
}

export const helloText = `${JSON.stringify({ hello })}\n`

export type RawClient = Disposable & {
  socket: Socket
  write(text: string | Buffer): void
  send(...messages: unknown[]): void
  /** The next line; rejects when the connection ends first. */
  next(): Promise<WireResponse & { hello?: unknown }>
  ended: Promise<void>
}

export const connectRaw = async (path: string, greet = true): Promise<RawClient> => {
  const socket = createConnection(path)
  await once(socket, 'connect')
  const lines: string[] = []
  const waiters: PromiseWithResolvers<string>[] = []
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      const waiter = waiters.shift()
      if (waiter) waiter.resolve(line)
      else lines.push(line)
    }
  })
  socket.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve()
      for (const waiter of waiters.splice(0)) waiter.reject(new Error('the connection ended'))
    })
  })
  const next = async () => {
    const line = lines.shift()
    if (line !== undefined) return JSON.parse(line)
    const waiter = Promise.withResolvers<string>()
    if (socket.destroyed) waiter.reject(new Error('the connection ended'))
    else waiters.push(waiter)
    return JSON.parse(await waiter.promise)
  }
  const client: RawClient = {
    socket,
    write: (text) => void socket.write(text),
    send: (...messages) =>
      void socket.write(messages.map((message) => `${JSON.stringify(message)}\n`).join('')),
    next,
    ended,
    [Symbol.dispose]: () => void socket.destroy(),
  }
  if (greet) {
    client.write(helloText)
    await client.next()
  }
  return client
}

export const query = (id: number, path: string, input: unknown = {}) => ({
  id,
  method: 'query',
  params: { path, input },
})
