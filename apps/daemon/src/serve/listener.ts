// The control socket: a private Unix socket whose connections are sessions on the contract's router.
// The caller holds the home's lock, so a socket that nobody answers on is left over and is removed.
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import type { AnyTRPCRouter } from '@trpc/server'
import { type Call, type Context, DispatchError, errorToBody, WIRE } from '@dispatch/contract'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'
import { errorLine } from './answer.ts'
import { makeRunner } from './runner.ts'
import { makeSession, type Session } from './session.ts'

/** What a listener needs. */
export type ListenerOptions = {
  path: string
  router: AnyTRPCRouter
  makeContext: (call: Call) => Context
  version: string
  contractHash: string
  pid: number
  /** Makes UUIDv7s. */
  newId: () => string
  /** Sets the process's file mask and gives the former one; the socket is made under 077. */
  umask: (mask: number) => number
  clock: Clock
  log: Log
}

/** An open control socket. Disposing it lets clients come back to the next daemon. */
export type Listener = AsyncDisposable & {
  path: string
  stats(): { connections: number; followers: number }
  /** Listens anew where the socket was removed; connections go on. Throws `conflict` as above, and what the system says. */
  renew(): Promise<void>
  /** Stops accepting, ends what is in flight, waits for it, 3 s at most. `final`: clients are told that no next daemon comes. */
  close(options: { final: boolean }): Promise<void>
}

const farewell = errorLine(
  null,
  errorToBody(
    new DispatchError('daemon_unreachable', 'The daemon was shut down.', {
      hint: 'dispatch up',
      details: { reason: 'ended' },
    }),
  ),
)

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createConnection(path)
    const end = (answered: boolean) => (): void => {
      probe.destroy()
      resolve(answered)
    }
    probe.once('connect', end(true))
    // A full backlog or a socket that we may not use is somebody's too.
    probe.once('error', ({ code }: NodeJS.ErrnoException) => {
      end(code !== 'ECONNREFUSED' && code !== 'ENOENT')()
    })
  })

const clearPath = async (path: string): Promise<void> => {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return
  const taken = !stat.isSocket() || (await isAnswered(path))
  if (taken) {
    throw new DispatchError('conflict', `${path} is in use by another program; it is left alone.`, {
      hint: 'End that program, or set DISPATCH_HOME or DISPATCH_SOCKET.',
      details: { path },
    })
  }
  rmSync(path, { force: true })
}

// The socket is bound within listen(), so the mask is the process's for no longer than that.
const listen = (server: Server, { path, umask }: ListenerOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    const mask = umask(0o077)
    try {
      server.listen(path, resolve)
    } finally {
      umask(mask)
    }
  })

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => void server.close(() => resolve()))

type Opened = { server: Server; inode: number }

/** Listens. Throws `conflict` where another program uses the path. */
export const makeListener = async (options: ListenerOptions): Promise<Listener> => {
  const { path, version, pid, clock, log } = options
  const sessions = new Set<Session>()
  const run = makeRunner(options)
  const hello = { wire: WIRE, version, contract: options.contractHash, pid }

  const accept = (socket: Socket): void => {
    const session = makeSession({ socket, hello, run, clock })
    sessions.add(session)
    socket.once('close', () => sessions.delete(session))
  }

  // The new one takes its place at once: closing removes whatever is at the path.
  const open = async (former?: Opened): Promise<Opened> => {
    await clearPath(path)
    former?.server.close()
    const server = createServer(accept)
    await listen(server, options)
    chmodSync(path, 0o600)
    server.on('error', (error) => log.error('socket.failed', { error }))
    return { server, inode: lstatSync(path).ino }
  }
  let opened = await open()
  let renewing: Promise<void> | null = null
  const renew = async (): Promise<void> => {
    if (!closing) opened = await open(opened)
  }

  let closing: Promise<void> | null = null
  const end = async (final: boolean): Promise<void> => {
    if (renewing) await renewing.catch(() => undefined)
    const { server, inode } = opened
    // Closing removes whatever is at the path. What another daemon has put there stays, and ours, which
    // nobody can reach, ends with the process.
    const isOurs = (lstatSync(path, { throwIfNoEntry: false })?.ino ?? inode) === inode
    if (!isOurs) server.unref()
    await Promise.all([
      isOurs ? closeServer(server) : null,
      ...[...sessions].map((session) => session.close(final ? farewell : '')),
    ])
  }
  const close: Listener['close'] = ({ final }) => (closing ??= end(final))

  return {
    path,
    stats: () => ({
      connections: sessions.size,
      followers: [...sessions].reduce((sum, session) => sum + session.followers(), 0),
    }),
    renew: () => (renewing = renew()),
    close,
    [Symbol.asyncDispose]: () => close({ final: false }),
  }
}
