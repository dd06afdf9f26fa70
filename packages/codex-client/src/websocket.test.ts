import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { makeTempDir, makeWebSocketServer } from '../test/websocket-server.ts'
import { CodexClosedError, CodexConnectError, CodexMessageTooLargeError } from './errors.ts'
import type { Transport, TransportEnd } from './transport.ts'
import { connectWebSocket } from './websocket.ts'

const MIB = 1024 * 1024

function listen(transport: Transport) {
  const messages: string[] = []
  const ended = Promise.withResolvers<TransportEnd>()
  transport.start({ onMessage: (text) => messages.push(text), onEnd: ended.resolve })
  return { messages, ended: ended.promise }
}

describe('connectWebSocket', () => {
  it('carries messages both ways, those from before the start too', async () => {
    await using server = await makeWebSocketServer()
    await using transport = await connectWebSocket(server)
    const peer = await server.accepted
    expect(peer.extensions).toBe('')
    peer.send('{"early":1}')
    peer.send('{"early":2}')
    const pong = once(peer, 'message')
    transport.send('{"é":"€"}')
    expect(String((await pong)[0])).toBe('{"é":"€"}')
    const { messages, ended } = listen(transport)
    peer.send('{"late":3}')
    peer.close(1000, 'bye')
    expect(await ended).toEqual({ kind: 'lost', detail: 'code 1000 bye' })
    expect(messages).toEqual(['{"early":1}', '{"early":2}', '{"late":3}'])
    expect(() => transport.send('{}')).toThrow(CodexClosedError)
  })

  it('cuts large messages into frames that the server takes', async () => {
    await using server = await makeWebSocketServer()
    await using transport = await connectWebSocket(server)
    const peer = await server.accepted
    listen(transport)
    const frames: number[] = []
    // The receiver's own record of a frame: its length as it stood in the header.
    const receiver = (peer as unknown as { _receiver: { _fragments: Buffer[] } })._receiver
    const pushed = receiver._fragments.push.bind(receiver._fragments)
    receiver._fragments.push = (part) => {
      frames.push(part.length)
      return pushed(part)
    }
    const text = JSON.stringify({ text: '€'.repeat(6 * MIB) })
    const arrived = once(peer, 'message')
    transport.send(text)
    const after = once(peer, 'message')
    expect(String((await arrived)[0]) === text).toBe(true)
    expect(frames.length).toBe(5)
    expect(Math.max(...frames)).toBeLessThanOrEqual(4 * MIB)
    transport.send('{"next":1}')
    await after
  })

  it('refuses a message that the server would not take, and goes on', async () => {
    await using server = await makeWebSocketServer()
    await using transport = await connectWebSocket(server)
    const peer = await server.accepted
    listen(transport)
    const message = once(peer, 'message')
    expect(() => transport.send('x'.repeat(60 * MIB + 1))).toThrow(CodexMessageTooLargeError)
    transport.send('{}')
    expect(String((await message)[0])).toBe('{}')
  })

  it('takes a message of 30 MB', async () => {
    await using server = await makeWebSocketServer()
    await using transport = await connectWebSocket(server)
    const peer = await server.accepted
    const { messages, ended } = listen(transport)
    peer.send('x'.repeat(30_000_000))
    peer.close()
    await ended
    expect(messages[0]?.length).toBe(30_000_000)
  })

  it('is lost when the connection is cut', async () => {
    await using server = await makeWebSocketServer()
    await using transport = await connectWebSocket(server)
    const { ended } = listen(transport)
    ;(await server.raw).destroy()
    expect(await ended).toMatchObject({ kind: 'lost', detail: 'code 1006' })
  })

  it('is lost with a cause when the server sends nonsense', async () => {
    await using server = await makeWebSocketServer()
    await using transport = await connectWebSocket(server)
    const { ended } = listen(transport)
    ;(await server.raw).write(Buffer.from([0xff, 0xff, 0xff]))
    const end = await ended
    expect(end.kind).toBe('lost')
    expect(end.cause).toBeInstanceOf(Error)
  })

  it('closes, also when it was never started, and twice', async () => {
    await using server = await makeWebSocketServer()
    const transport = await connectWebSocket(server)
    const closed = once(await server.accepted, 'close')
    await transport[Symbol.asyncDispose]()
    await transport[Symbol.asyncDispose]()
    expect((await closed)[0]).toBe(1000)
    expect(await listen(transport).ended).toMatchObject({ kind: 'closed' })
  })

  it('closes a connection whose server no longer answers', async () => {
    await using server = await makeWebSocketServer()
    let dropped = false
    const timers = {
      after(_ms: number, run: () => void) {
        setImmediate(() => {
          dropped = true
          run()
        })
        return () => undefined
      },
    }
    const transport = await connectWebSocket({ socketPath: server.socketPath, timers })
    ;(await server.accepted).pause()
    await transport[Symbol.asyncDispose]()
    expect(dropped).toBe(true)
  })

  it('says why nobody could be reached', async () => {
    await using dir = await makeTempDir()
    const socketPath = join(dir.path, 'none.sock')
    const attempt = connectWebSocket({ socketPath })
    await expect(attempt).rejects.toThrow(CodexConnectError)
    await expect(attempt).rejects.toMatchObject({ socketPath, code: 'ENOENT' })
  })

  it('gives up on a server that accepts and never answers', async () => {
    await using dir = await makeTempDir()
    const socketPath = join(dir.path, 'mute.sock')
    await using mute = createServer().listen(socketPath)
    await once(mute, 'listening')
    const accepted = once(mute, 'connection')
    const attempt = connectWebSocket({ socketPath, timeoutMs: 20 })
    await expect(attempt).rejects.toThrow(CodexConnectError)
    const [socket] = await accepted
    socket.destroy()
  })
})
