// daemon: whether one serves the home, and what one that is gone left behind. The lock is the truth; the
// socket and the pid file are what a killed daemon leaves.
import { existsSync, lstatSync, readFileSync, rmSync } from 'node:fs'
import type { HomePaths } from '@dispatch/contract/home'
import { type Finding, fail, ok, warn } from './check.ts'

/** How the home's lock stands. */
export type LockState =
  /** A daemon has it. */
  | 'held'
  /** Nobody has it. */
  | 'free'
  /** There is no home yet. */
  | 'absent'

/** What the look at a daemon needs. */
export type DaemonLook = {
  paths: HomePaths
  lock: () => LockState
  /** Takes the lock while it removes; null where a daemon has it by now. */
  hold: () => Disposable | null
  ask: (socket: string) => Promise<unknown>
  /** Whether any program listens on that socket. */
  isServed: (socket: string) => Promise<boolean>
  fix: boolean
}

/** A finding, and what was removed. */
export type DaemonFinding = {
  finding: Finding
  removed: string[]
  running: boolean
  /** The App Server that it talks to, whoever started it. */
  codexPid: number | null
  /** Its CODEX_HOME; null where none answers. */
  codexHome: string | null
}

const pointedSocket = ({ socketPointer }: HomePaths): string | null => {
  try {
    return readFileSync(socketPointer, 'utf8').trim() || null
  } catch {
    return null
  }
}

const statOf = (path: string) => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    // A part of the path is a file.
    return undefined
  }
}

const isSocket = (path: string): boolean => statOf(path)?.isSocket() === true

const isNoFolder = (path: string): boolean => statOf(path)?.isFile() === true

// A file that is no socket of ours is none of our business.
const staleFiles = (paths: HomePaths): string[] => {
  const pointed = pointedSocket(paths)
  const socket = pointed ?? paths.socket
  return [
    ...(isSocket(socket) ? [socket] : []),
    ...(pointed === null ? [] : [paths.socketPointer]),
    `${paths.socketPointer}.new`,
    paths.pidfile,
    `${paths.database}.restoring`,
  ].filter(existsSync)
}

type Status = {
  pid?: number
  version?: string
  codex?: { pid?: number | null; home?: string }
} | null

const noCodex = { codexPid: null, codexHome: null }

const running = async ({
  paths,
  ask,
}: DaemonLook): Promise<Pick<DaemonFinding, 'finding' | 'codexPid' | 'codexHome'>> => {
  const socket = pointedSocket(paths) ?? paths.socket
  const about = {
    socket,
    socketExists: existsSync(socket),
    pidfile: paths.pidfile,
    db: paths.database,
  }
  try {
    const status = (await ask(socket)) as Status
    const data = { ...about, pid: status?.pid ?? null, reachable: true, status }
    const said = `A daemon runs (pid ${status?.pid}, version ${status?.version}).`
    const finding = ok(said, { data })
    const { pid: codexPid = null, home: codexHome = null } = status?.codex ?? {}
    return { finding, codexPid, codexHome }
  } catch (error) {
    const finding = fail('A daemon has the home but does not answer.', {
      detail: error instanceof Error ? error.message : String(error),
      recovery: 'dispatch daemon logs, then end the process that dispatchd.pid names',
      data: { ...about, pid: null, reachable: false, status: null },
    })
    return { finding, ...noCodex }
  }
}

const notRunning = (look: DaemonLook): Pick<DaemonFinding, 'finding' | 'removed'> => {
  const { paths, fix } = look
  const stale = staleFiles(paths)
  const data = {
    socket: paths.socket,
    pidfile: paths.pidfile,
    db: paths.database,
    reachable: false,
  }
  const removed: string[] = []
  if (stale.length > 0 && fix) {
    using held = look.hold()
    for (const path of held ? stale : []) {
      rmSync(path, { force: true })
      removed.push(path)
    }
  }
  const left = stale.filter((path) => !removed.includes(path))
  if (left.length > 0) {
    const finding = warn('No daemon runs, but one that was killed left files.', {
      detail: left.join('\n'),
      recovery: 'dispatch doctor --fix, or dispatch up, which takes their place',
      data: { ...data, stale: left },
    })
    return { finding, removed }
  }
  const finding = warn('No daemon runs.', {
    recovery: 'dispatch up; most commands start it by themselves',
    data: { ...data, stale: [] },
  })
  return { finding, removed }
}

// Our daemons listen only with the lock in hand: this is another program.
const stranger = (socket: string): Finding =>
  fail(`Another program listens on ${socket}.`, {
    detail: 'It is no dispatchd of this dispatch, and is left alone.',
    recovery: 'End it, or use another home: DISPATCH_HOME=...',
    data: { socket, reachable: true, status: null },
  })

/** Looks for the daemon. */
export const checkDaemon = async (look: DaemonLook): Promise<DaemonFinding> => {
  const { paths } = look
  const socket = pointedSocket(paths) ?? paths.socket
  if (isNoFolder(paths.home)) return { ...notRunning(look), running: false, ...noCodex }
  if (look.lock() !== 'held' && isSocket(socket) && (await look.isServed(socket))) {
    return { finding: stranger(socket), removed: [], running: false, ...noCodex }
  }
  if (look.lock() === 'held') return { ...(await running(look)), removed: [], running: true }
  return { ...notRunning(look), running: false, ...noCodex }
}
