// A real WebSocket server on a Unix socket in a directory of its own.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

export async function makeTempDir() {
  // A name that a URL would take apart.
  const path = await mkdtemp(join(tmpdir(), 'codex: ws?#% '))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

export async function makeWebSocketServer() {
  const dir = await makeTempDir()
  const socketPath = join(dir.path, 'own.sock')
  const http = createServer()
  const server = new WebSocketServer({ server: http, maxPayload: 2 ** 28 })
  const raw = Promise.withResolvers<Duplex>()
  http.on('upgrade', (_request, duplex) => raw.resolve(duplex))
  const accepted = once(server, 'connection').then(([socket]) => socket as WebSocket)
  http.listen(socketPath)
  await once(http, 'listening')
  return {
    socketPath,
    /** The first connection, and the bytes below it. */
    accepted,
    raw: raw.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => void http.close(resolve))
      await dir[Symbol.asyncDispose]()
    },
  }
}
