// A daemon by script: speaks the wire and does what the test says. Also the home that it lives in.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DispatchError, errorToBody } from '@dispatch/contract/errors'
import type { ClientHello } from '@dispatch/contract/wire'

export type Asked = {
  id: number
  method: string
  params: { path: string; input: unknown; callId?: string; lastEventId?: string }
}

export type Peer = {
  hello: ClientHello['hello'] | null
  asked: Asked[]
  socket: Socket
  /** Chunks as they came. */
  chunks: string[]
  send(message: unknown): void
  write(text: string): void
}

export type Script = {
  version?: string
  pid?: number
  wire?: number
  onCall?: (call: Asked, peer: Peer) => void
  /** Without it the hello is answered. */
  onHello?: (peer: Peer) => void
}

export type FakeDaemon = AsyncDisposable & { peers: Peer[]; asked: Asked[] }

export const makeTestHome = (): Disposable & { home: string; socket: string } => {
  const home = mkdtempSync(join(tmpdir(), 'dsc-'))
  return {
    home,
    socket: join(home, 'dispatchd.sock'),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  }
}

export const answer = (call: Asked, data: unknown) => ({ id: call.id, result: { data } })

export const refusal = (id: number | null, error: DispatchError) => ({
  id,
  error: { code: -32_000, message: error.message, data: errorToBody(error) },
})

export const event = (call: Asked, n: number) => ({
  id: call.id,
  result: { type: 'data', id: `1.${n}`, data: { n } },
})

export const startFakeDaemon = async (path: string, script: Script = {}): Promise<FakeDaemon> => {
  const { version = '1.0.0', pid = 1, wire = 1 } = script
  const peers: Peer[] = []
  const asked: Asked[] = []

  const serve = (socket: Socket): void => {
    const write = (text: string): void => void socket.write(text)
    const send = (message: unknown): void => write(`${JSON.stringify(message)}\n`)
    const peer: Peer = { hello: null, asked: [], socket, chunks: [], send, write }
    peers.push(peer)
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('data', (chunk: string) => {
      peer.chunks.push(chunk)
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(JSON.parse(line), peer)
    })
  }
  const onLine = (line: ClientHello | Asked, peer: Peer): void => {
    if ('hello' in line) {
      peer.hello = line.hello
      if (script.onHello) script.onHello(peer)
      else peer.send({ hello: { wire, version, contract: '', pid } })
      return
    }
    peer.asked.push(line)
    asked.push(line)
    script.onCall?.(line, peer)
  }

  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    peers,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const { socket } of peers) socket.destroy()
      await closed
    },
  }
}
