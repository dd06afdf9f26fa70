// Writes to a file descriptor at once, so that nothing is lost when the process ends, and without
// loading streams. Where the descriptor is a full pipe that does not block (EAGAIN), the rest goes
// through the stream, in order. A reader that is gone (EPIPE) closes it quietly.
import { writeSync } from 'node:fs'

/** The stream of a descriptor, for when writing at once is refused. */
export type LateStream = {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A descriptor that is written to in order. */
export type Output = {
  write(text: string): Promise<void>
  closed: AbortSignal
  /** Says that its reader has gone. */
  gone(): void
}

const codeOf = (thrown: unknown): unknown => (thrown as { code?: unknown } | null)?.code

/** The output of a descriptor; `open` gives its stream when it is needed. */
export const makeOutput = (descriptor: number, open: () => LateStream): Output => {
  const closed = new AbortController()
  let stream: LateStream | null = null

  const fail = (error: unknown): void => {
    if (codeOf(error) !== 'EPIPE' && codeOf(error) !== 'EIO') throw error
    closed.abort()
  }

  // What could not be written at once.
  const writeNow = (bytes: Uint8Array): Uint8Array => {
    let rest = bytes
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(descriptor, rest))
      } catch (thrown) {
        if (codeOf(thrown) === 'EAGAIN') return rest
        fail(thrown)
        return rest.subarray(rest.length)
      }
    }
    return rest
  }

  const writeLate = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      if (stream === null) {
        stream = open()
        stream.on('error', () => undefined)
      }
      stream.write(bytes, (error) => {
        try {
          if (error) fail(error)
          resolve()
        } catch (thrown) {
          reject(thrown)
        }
      })
    })

  return {
    closed: closed.signal,
    gone: () => closed.abort(),
    write: async (text) => {
      if (closed.signal.aborted || text === '') return
      const bytes = Buffer.from(text)
      const rest = stream === null ? writeNow(bytes) : bytes
      if (rest.length > 0) await writeLate(rest)
    },
  }
}
