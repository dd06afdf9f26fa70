// The writing end of a connection. Lines of one turn of the event loop leave in one write; who streams
// waits here for room. The bound is the sum of what waits here and in the socket.
import type { Socket } from 'node:net'

/** The writing end. */
export type Outbox = {
  push(line: string): void
  /** Characters and bytes that have not left yet. */
  backlog(): number
  /** Whether a stream should wait before it pushes more. */
  isFull(): boolean
  /** Resolves when there is room, or nobody reads any more; lets the event loop turn in any case. */
  room(): Promise<void>
  flush(): void
}

// A write of this size costs the system call little, and a stream that never waits for its source
// lets the event loop turn once for each.
const BATCH = 64 * 1024

/** Makes the writing end of a socket. */
export const makeOutbox = (socket: Socket): Outbox => {
  let waiting = ''
  let scheduled: NodeJS.Immediate | null = null
  let draining: Promise<void> | null = null

  const flush = (): void => {
    if (scheduled) clearImmediate(scheduled)
    scheduled = null
    if (waiting === '') return
    const lines = waiting
    waiting = ''
    if (socket.writable) socket.write(lines)
  }

  const drained = (): Promise<void> =>
    (draining ??= new Promise((resolve) => {
      const end = (): void => {
        socket.off('drain', end)
        socket.off('close', end)
        draining = null
        resolve()
      }
      socket.on('drain', end)
      socket.on('close', end)
    }))

  return {
    push(line) {
      waiting += line
      scheduled ??= setImmediate(flush)
    },
    backlog: () => waiting.length + socket.writableLength,
    isFull: () => waiting.length >= BATCH || socket.writableNeedDrain,
    async room() {
      flush()
      await new Promise((resolve) => setImmediate(resolve))
      while (socket.writable && socket.writableNeedDrain) await drained()
    },
    flush,
  }
}
