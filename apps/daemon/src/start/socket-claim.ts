// Looks at what stands where the control socket shall be. With the home's lock held no daemon of ours
// can be there: what is not a dead socket belongs to another program and is never touched.
import { lstatSync } from 'node:fs'
import { connect } from 'node:net'
import { DispatchError } from '@dispatch/contract'

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const conflict = (path: string, what: string): DispatchError =>
  new DispatchError('conflict', `${path} is ${what}.`, {
    hint: `End that program or move it away, or use another DISPATCH_HOME or DISPATCH_SOCKET. It was not touched.`,
    details: { socket: path },
  })

/** Throws `conflict` where another program has the path; a dead socket may be replaced. */
export const claimSocket = async (path: string): Promise<void> => {
  let isSocket: boolean
  try {
    isSocket = lstatSync(path).isSocket()
  } catch {
    return
  }
  if (!isSocket) throw conflict(path, 'no socket')
  if (await isAnswered(path)) throw conflict(path, 'the socket of another program')
}
