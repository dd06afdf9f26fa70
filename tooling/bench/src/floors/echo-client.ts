// The other end of the echo: the least that a client of JSON lines can do.
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { makeLines } from './lines.ts'

/** Calls on an echo. */
export type EchoClient = Disposable & { call(message: object): Promise<unknown> }

/** Connects to an echo that shall give that answer. */
export const connectEcho = async (path: string, answer: unknown): Promise<EchoClient> => {
  const socket = createConnection(path)
  await once(socket, 'connect')
  const pending = new Map<number, (data: unknown) => void>()
  let lastId = 0
  let waiting = ''
  const flush = (): void => {
    const lines = waiting
    waiting = ''
    socket.write(lines)
  }
  const read = makeLines((text) => {
    const { id, result } = JSON.parse(text) as { id: number; result: { data: unknown } }
    pending.get(id)?.(result.data)
    pending.delete(id)
  })
  socket.on('data', read)
  const call = (message: object): Promise<unknown> =>
    new Promise((resolve) => {
      lastId += 1
      pending.set(lastId, resolve)
      if (waiting === '') queueMicrotask(flush)
      waiting += `${JSON.stringify({ id: lastId, ...message })}\n`
    })
  await call({ answer })
  return { call, [Symbol.dispose]: () => socket.destroy() }
}
