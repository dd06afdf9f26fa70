// The writing end of a connection: lines are gathered until the current task is done and leave in
// one write, the hello in front of the first.
import type { Socket } from 'node:net'
import { bounds } from '@dispatch/contract/bounds'
import { DispatchError } from '@dispatch/contract/errors'

/** The writing end. */
export type Sender = {
  /** Sends one message. Throws `validation` when it is longer than the daemon takes. */
  send(message: unknown): void
}

// UTF-16 units become at most three bytes each, so only long lines are measured.
const isTooLong = (line: string): boolean =>
  line.length * 3 > bounds.wireLine && Buffer.byteLength(line) > bounds.wireLine

const refuseLong = (line: string): never => {
  const size = Buffer.byteLength(line)
  throw new DispatchError(
    'validation',
    `The call is ${size} bytes long; the daemon takes at most ${bounds.wireLine}.`,
    { hint: 'Send less at once.', details: { bytes: size, limit: bounds.wireLine } },
  )
}

/** Makes the writing end of a socket; `hello` goes in front of the first message. */
export const makeSender = (socket: Socket, hello: unknown): Sender => {
  let waiting = `${JSON.stringify(hello)}\n`
  let scheduled = false

  const flush = (): void => {
    scheduled = false
    const lines = waiting
    waiting = ''
    if (socket.writable) socket.write(lines)
  }

  return {
    send(message) {
      const line = JSON.stringify(message)
      if (isTooLong(line)) refuseLong(line)
      waiting += `${line}\n`
      if (scheduled) return
      scheduled = true
      queueMicrotask(flush)
    },
  }
}
