// Notices that the reader of our pipe has gone, without writing to it. Linux tells a poll of the writing
// end at once; Node polls a pipe only while something waits to be written, so a further descriptor of
// the pipe is given to a TCP handle, which reads from whatever it is given: the read fails with EBADF,
// and only when the last reader has gone. Elsewhere, and on sockets, nothing is noticed before a write.
import { closeSync, constants, fstatSync, openSync } from 'node:fs'

type TcpWrap = {
  TCP: new (kind: number) => { open(descriptor: number): number }
  constants: { SOCKET: number }
}

// There is no public way to such a handle.
type Internals = { binding(name: string): unknown }

const isPipe = (descriptor: number): boolean => {
  try {
    return fstatSync(descriptor).isFIFO()
  } catch {
    return false
  }
}

/** Calls back once when the reader of that pipe has gone; undone by the function that it returns. */
export const watchPipeReader = async (
  process: NodeJS.Process,
  descriptor: number,
  onGone: () => void,
): Promise<() => void> => {
  const nothing = (): void => undefined
  if (process.platform !== 'linux' || !isPipe(descriptor)) return nothing
  let further: number
  try {
    // Non-blocking: a named pipe without a reader would wait for one, this way it is refused.
    const flags = constants.O_WRONLY | constants.O_NONBLOCK
    further = openSync(`/proc/self/fd/${descriptor}`, flags)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENXIO') onGone()
    return nothing
  }
  try {
    const { TCP, constants: kinds } = (process as unknown as Internals).binding(
      'tcp_wrap',
    ) as TcpWrap
    const handle = new TCP(kinds.SOCKET)
    if (handle.open(further) !== 0) throw new Error('The pipe cannot be watched.')
    const { Socket } = await import('node:net')
    const socket = new Socket({ handle, readable: true, writable: false } as object)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EBADF') onGone()
    })
    socket.resume()
    socket.unref()
    return () => void socket.destroy()
  } catch {
    closeSync(further)
    return nothing
  }
}
