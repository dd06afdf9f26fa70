// Where a dispatch home keeps what: the one place where daemon and surfaces agree on paths. Pure.
import { DispatchError } from './errors.ts'

/** The variables that move things; see product docs, "Environment". */
export type HomeEnv = Partial<
  Record<'DISPATCH_HOME' | 'DISPATCH_SOCKET' | 'DISPATCH_DB' | 'DISPATCH_PIDFILE', string>
>

/** Absolute paths of one home. */
export type HomePaths = {
  home: string
  /** Control socket as configured; where it is too long for a Unix socket, `socketPointer` names the one in use. */
  socket: string
  /** A file that holds the path of the socket in use when `socket` is too long. */
  socketPointer: string
  database: string
  /** The full-text index of its lanes' items; it can be made again. */
  index: string
  /** What Node compiled of dispatchd, for its next start; `dispatchd.mjs` has the same name. */
  compiled: string
  /** Locked by the one daemon of the home; never opened by anything else. */
  lock: string
  pidfile: string
  logs: string
  /** The daemon's log; rotated files are beside it. */
  log: string
  /** Output of the daemon's process before its log is open, and of crashes. */
  startLog: string
}

/** Bytes that a Unix socket path may have on every platform that we run on (macOS: 104 with the NUL). */
export const SOCKET_PATH_MAX = 103

/** Whether a path fits a Unix socket. */
export const isSocketPath = (path: string): boolean =>
  new TextEncoder().encode(path).length <= SOCKET_PATH_MAX

/** The user's own directory: what HOME says, else the account of the system; empty where neither does. An empty HOME says nothing. */
export const homeDirectory = (
  env: { readonly HOME?: string | undefined },
  account: () => { homedir: string },
): string => {
  if (env.HOME) return env.HOME
  try {
    return account().homedir
  } catch {
    // A user whom the system does not know, as in containers.
    return ''
  }
}

const defaultHome = (homedir: string): string => {
  if (homedir !== '') return `${homedir}/.dispatch`
  throw new DispatchError('validation', 'You have no home directory: HOME is empty.', {
    hint: 'Set HOME, or DISPATCH_HOME to a directory of yours.',
  })
}

/** The paths of the home that the environment names; `~/.dispatch` where it names none. Relative values are taken against `cwd`. */
export const resolveHome = (env: HomeEnv, at: { homedir: string; cwd: string }): HomePaths => {
  const absolute = (path: string): string => (path.startsWith('/') ? path : `${at.cwd}/${path}`)
  const home = absolute(env.DISPATCH_HOME || defaultHome(at.homedir)).replace(/\/+$/, '') || '/'
  const database = absolute(env.DISPATCH_DB || `${home}/registry.db`)
  return {
    home,
    socket: absolute(env.DISPATCH_SOCKET || `${home}/dispatchd.sock`),
    socketPointer: `${home}/dispatchd.socket-path`,
    database,
    index: env.DISPATCH_DB ? `${database}.index` : `${home}/index.db`,
    compiled: `${home}/compiled`,
    lock: `${database}.lock`,
    pidfile: absolute(env.DISPATCH_PIDFILE || `${home}/dispatchd.pid`),
    logs: `${home}/logs`,
    log: `${home}/logs/dispatchd.log`,
    startLog: `${home}/logs/start.log`,
  }
}
