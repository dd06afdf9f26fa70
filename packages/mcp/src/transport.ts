// MCP over standard input and output: a JSON message a line. What is too long, no JSON, no message or asked
// before the session has begun is refused. At the end of the input, answers that are still due get a little
// time; then, or when the reader of the output is gone, everything open is ended.
import { Buffer } from 'node:buffer'
import type { Clock } from '@dispatch/client'
import { makeLineReader } from '@dispatch/contract/lines'
import { serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  ErrorCode,
  isInitializeRequest,
  isJSONRPCRequest,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js'
import { lineToMessage, Unreadable } from './line-message.ts'

/** The two ends of a pipe to a host. */
export type Pipe = {
  input: AsyncIterable<Uint8Array>
  write(text: string): Promise<void>
  /** Aborts when the host is gone, or the process is to end. */
  signal: AbortSignal
}

/** A transport, and when it has ended. */
export type LineTransport = Transport & { readonly ended: Promise<void> }

// A message of Codex's own limit, escaped, with room to spare.
const LINE_MAX = 16 * 1024 * 1024
/** A daemon may have to be started for an answer. A host that does not wait so long kills, or is gone. */
const DUE_MS = 30_000

// The request that a message answers; undefined where it answers none.
const answeredBy = (message: JSONRPCMessage): string | number | undefined =>
  'method' in message ? undefined : message.id

type TransportOptions = Pipe & { clock: Clock }

/** Makes a transport; it begins to read when it is started. */
export const makeLineTransport = (options: TransportOptions): LineTransport => {
  const { input, write, signal, clock } = options
  const due = new Set<string | number>()
  const { promise: ended, resolve: onEnded } = Promise.withResolvers<void>()
  const { promise: answered, resolve: onAnswered } = Promise.withResolvers<void>()
  let hasBegun = false
  let isInputOver = false
  let isClosed = false

  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    signal.removeEventListener('abort', onAbort)
    transport.onclose?.()
    onEnded()
  }
  const onAbort = (): void => void close()

  const settle = (id: unknown): void => {
    due.delete(id as string | number)
    if (isInputOver && due.size === 0) onAnswered()
  }

  const onError = (thrown: unknown): void => {
    if (!isClosed) transport.onerror?.(thrown as Error)
  }

  const refuse = (unreadable: Unreadable): void => {
    const { id, code, message } = unreadable
    onError(unreadable)
    if (id === undefined) return
    const refusal = { jsonrpc: '2.0', id, error: { code, message } }
    // A host that is gone is noticed by who serves it.
    void write(`${JSON.stringify(refusal)}\n`).catch(() => undefined)
  }

  // Which request it was is not known: its line was not read.
  const refuseLong = (): void =>
    refuse(
      new Unreadable(
        `A message is longer than ${LINE_MAX} bytes: it was left out.`,
        ErrorCode.InvalidRequest,
        null,
      ),
    )

  const checkBegun = (message: JSONRPCMessage): void => {
    hasBegun ||= isInitializeRequest(message)
    if (hasBegun || !isJSONRPCRequest(message) || message.method === 'ping') return
    throw new Unreadable(
      `${message.method} before initialize: the session has not begun.`,
      ErrorCode.InvalidRequest,
      message.id,
    )
  }

  const onLine = (line: string): void => {
    if (line.trim() === '') return
    try {
      const message = lineToMessage(line)
      checkBegun(message)
      if (isJSONRPCRequest(message)) due.add(message.id)
      // What is given up is not answered.
      if ('method' in message && message.method === 'notifications/cancelled') {
        settle(message.params?.['requestId'])
      }
      transport.onmessage?.(message)
    } catch (thrown) {
      if (thrown instanceof Unreadable) refuse(thrown)
      else onError(thrown)
    }
  }

  const read = async (): Promise<void> => {
    const onData = makeLineReader({
      max: LINE_MAX,
      goesOn: true,
      concat: Buffer.concat,
      onLine,
      onOverflow: refuseLong,
    })
    for await (const bytes of input) {
      if (isClosed) return
      onData(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    }
    isInputOver = true
    if (due.size > 0) {
      const callOff = clock.after(DUE_MS, onAnswered)
      await answered
      callOff()
    }
    await close()
  }

  const transport: LineTransport = {
    ended,
    start: async () => {
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) return onAbort()
      void read().catch((thrown: unknown) => {
        onError(thrown)
        void close()
      })
    },
    send: async (message) => {
      if (isClosed) return
      await write(serializeMessage(message))
      settle(answeredBy(message))
    },
    close,
  }
  return transport
}
