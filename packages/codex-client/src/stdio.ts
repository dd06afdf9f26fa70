// A transport over two given streams, one JSON text a line. It owns the streams once it has them,
// and knows nothing of the process at their other end.
import type { Readable, Writable } from 'node:stream'

import { CodexClosedError, CodexMessageTooLargeError } from './errors.ts'
import { makeLineSplitter } from './jsonl.ts'
import type { Transport, TransportEnd, TransportHandlers } from './transport.ts'

/** The longest line taken from a server; one page of items has been seen at 22.5 MB. */
const MAX_LINE_BYTES = 256 * 1024 * 1024

export interface StdioStreams {
  /** The server's output. Nothing is read before `start`. */
  readonly input: Readable
  /** The server's input. */
  readonly output: Writable
  /** Default 256 MiB. */
  readonly maxLineBytes?: number
}

/** A transport over `input` and `output`. Closing it closes both, which ends a stdio server. */
export function makeStdioTransport(streams: StdioStreams): Transport {
  const { input, output, maxLineBytes = MAX_LINE_BYTES } = streams
  let end: TransportEnd | undefined
  let handlers: TransportHandlers | undefined

  const finish = (reason: TransportEnd): void => {
    if (end !== undefined) return
    end = reason
    output.end()
    input.destroy()
    handlers?.onEnd(reason)
  }
  const lost = (detail: string) => (cause?: unknown) =>
    finish({ kind: 'lost', detail, ...(cause === undefined ? {} : { cause }) })

  // Listened for from the start: an error without a listener would end the process.
  input.on('error', lost('reading failed'))
  output.on('error', lost('writing failed'))
  input.on('end', () => lost('the stream has ended')())
  input.on('close', () => lost('the stream was closed')())

  const split = makeLineSplitter({
    maxBytes: maxLineBytes,
    onLine: (line) => {
      if (end === undefined) handlers?.onMessage(line)
    },
  })

  return {
    start(given) {
      handlers = given
      if (end !== undefined) return given.onEnd(end)
      input.on('data', (chunk: Buffer) => {
        try {
          split(chunk)
        } catch (cause) {
          if (!(cause instanceof CodexMessageTooLargeError)) throw cause
          lost('a line is too long')(cause)
        }
      })
    },
    send(text) {
      if (end !== undefined) throw new CodexClosedError(end)
      output.write(`${text}\n`)
    },
    async [Symbol.asyncDispose]() {
      finish({ kind: 'closed', detail: 'by this client' })
    },
  }
}
