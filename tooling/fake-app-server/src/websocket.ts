/** Clients over WebSocket on a Unix socket, a frame a message. */
import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { WebSocketServer } from 'ws'
import type { AppServer } from './app-server.ts'

/** A socket file that nobody answers at is what a killed server left behind. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

export interface WebSocketOptions {
  server: AppServer
  path: string
  /** Bytes a client may leave unread. */
  outboundLimit: number
}

/** Resolves when it listens; undefined when another server does. */
export async function serveWebSocket(
  options: WebSocketOptions,
): Promise<AsyncDisposable | undefined> {
  const { server, path, outboundLimit } = options
  if (await isAnswered(path)) return undefined
  rmSync(path, { force: true })
  const http = createServer((_request, response) => void response.destroy())
  const sockets = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    maxPayload: 16_777_216,
  })
  sockets.on('connection', (socket) => {
    const client = server.connect({
      write(text) {
        if (socket.bufferedAmount > outboundLimit) socket.terminate()
        else socket.send(text)
      },
      close: () => socket.terminate(),
    })
    socket.on('message', (data: Buffer) => client.receive(data.toString('utf8')))
    socket.on('close', client.end)
    // A frame too long ends the connection; `close` follows.
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
