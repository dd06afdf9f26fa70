// A transport over a WebSocket on a Unix socket, as `codex app-server --listen unix://PATH` serves
// it. It connects and frames; waiting for a server that is only starting is done in `listening.ts`.
import { connect } from 'node:net'

import { WebSocket } from 'ws'

import { CodexClosedError, CodexConnectError } from './errors.ts'
import { textToFrames } from './fragments.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { Transport, TransportEnd, TransportHandlers } from './transport.ts'

/** One page of items has been seen at 22.5 MB. */
const MAX_INCOMING_BYTES = 256 * 1024 * 1024
/** How long a server may take to answer our goodbye before the socket is simply dropped. */
const CLOSE_GRACE_MS = 500

export interface WebSocketTarget {
  readonly socketPath: string
  /** For the whole handshake: a stopped server accepts but never answers. Default 5000. */
  readonly timeoutMs?: number
  readonly timers?: Timers
}

/** Connects, or throws {@link CodexConnectError} with the system's code (ENOENT, EPERM, ...). */
export async function connectWebSocket(target: WebSocketTarget): Promise<Transport> {
  const { socketPath, timeoutMs = 5000, timers = systemTimers } = target
  // The socket is opened here and not through a `ws+unix:` address, in which a colon, a space or a
  // question mark of the path would be taken apart.
  const socket = new WebSocket('ws://localhost/', {
    createConnection: () => connect({ path: socketPath, timeout: timeoutMs }),
    perMessageDeflate: false,
    maxPayload: MAX_INCOMING_BYTES,
    // Acts on the timeout of the socket above.
    handshakeTimeout: timeoutMs,
  })
  return await new Promise((resolve, reject) => {
    socket.on('error', (cause) => reject(new CodexConnectError(socketPath, cause)))
    socket.on('open', () => {
      // Nothing is read until somebody listens.
      socket.pause()
      resolve(makeWebSocketTransport(socket, timers))
    })
  })
}

function makeWebSocketTransport(socket: WebSocket, timers: Timers): Transport {
  const gone = Promise.withResolvers<void>()
  let failure: Error | undefined
  let end: TransportEnd | undefined
  let handlers: TransportHandlers | undefined

  const finish = (reason: TransportEnd): void => {
    if (end !== undefined) return
    end = reason
    handlers?.onEnd(reason)
  }

  socket.on('error', (error) => {
    failure = error
  })
  socket.on('close', (code, reason) => {
    const detail = `code ${code} ${reason.toString()}`.trimEnd()
    finish({ kind: 'lost', detail, ...(failure === undefined ? {} : { cause: failure }) })
    gone.resolve()
  })

  return {
    start(given) {
      handlers = given
      if (end !== undefined) return given.onEnd(end)
      socket.on('message', (data: Buffer) => {
        if (end === undefined) given.onMessage(data.toString())
      })
      socket.resume()
    },
    send(text) {
      if (end !== undefined) throw new CodexClosedError(end)
      const frames = textToFrames(text)
      const last = frames.length - 1
      frames.forEach((frame, index) => socket.send(frame, { binary: false, fin: index === last }))
    },
    async [Symbol.asyncDispose]() {
      finish({ kind: 'closed', detail: 'by this client' })
      // A paused socket would never read the server's goodbye.
      socket.resume()
      socket.close(1000)
      const callOff = timers.after(CLOSE_GRACE_MS, () => socket.terminate())
      await gone.promise
      callOff()
    },
  }
}
