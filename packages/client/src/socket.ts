// Opens the control socket; says in our words what the system says when it cannot.
import { createConnection, type Socket } from 'node:net'
import { connectFailure } from './unreachable.ts'

/** Connects; rejects with `daemon_unreachable`. */
export const openSocket = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(path)
    const onError = (error: NodeJS.ErrnoException): void => reject(connectFailure(error, path))
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      resolve(socket)
    })
  })
