// modes, app_servers: whether what belongs to one user is closed to others, and whether an App Server
// runs that no daemon knows of.
import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import type { HomePaths } from '@dispatch/contract/home'
import { type Finding, fail, ok, skipped, warn } from './check.ts'

type Fault = { path: string; fault: string; grave: boolean }

const faultsAt = (path: string, uid: number, kind: 'folder' | 'file'): Fault[] => {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  const grave = kind === 'folder'
  const fault = (text: string): Fault[] => [{ path, fault: text, grave }]
  if (stat.isSymbolicLink()) return grave ? fault('is a link') : []
  if (stat.uid !== uid) return fault(`belongs to another user (uid ${stat.uid})`)
  if ((stat.mode & 0o077) !== 0) {
    return fault(`is open to other users (mode ${(stat.mode & 0o777).toString(8)})`)
  }
  return []
}

/** The home is a file, say: no daemon can run in it. */
const noFolder = (home: string): Finding =>
  fail(`${home} is no directory: it cannot be the home.`, {
    recovery: 'Set DISPATCH_HOME to a directory, or to one that is not there yet.',
    data: { home, faults: [] },
  })

/** Looks at the modes of the home. */
export const checkModes = (paths: HomePaths, uid: number, codexSocket: string | null): Finding => {
  const home = lstatSync(paths.home, { throwIfNoEntry: false })
  if (!home) return skipped('There is no home yet.')
  if (!home.isDirectory() && !home.isSymbolicLink()) return noFolder(paths.home)
  const files = [paths.socket, paths.database, paths.lock, paths.pidfile, codexSocket]
  const faults = [
    ...faultsAt(paths.home, uid, 'folder'),
    ...faultsAt(paths.logs, uid, 'folder'),
    ...files.flatMap((path) => (path === null ? [] : faultsAt(path, uid, 'file'))),
  ]
  const data = { home: paths.home, faults }
  if (faults.length === 0) return ok('The home is closed to other users.', { data })
  const detail = faults.map(({ path, fault }) => `${path} ${fault}`).join('\n')
  const recovery = `chmod -R go-rwx ${dirname(paths.socket) === paths.home ? paths.home : faults.map(({ path }) => path).join(' ')}`
  if (faults.some(({ grave }) => grave)) {
    return fail('The home is not yours alone: no daemon starts in it.', { detail, recovery, data })
  }
  return warn('Files of the home are open to other users.', { detail, recovery, data })
}

/** What is known of the App Servers of the home. */
export type ServersLook = {
  /** Those that serve its socket. */
  pids: number[]
  /** The one that the registry remembers. */
  recorded: number | null
  daemonRuns: boolean
}

/** Looks for App Servers that no daemon keeps. */
export const checkServers = ({ pids, recorded, daemonRuns }: ServersLook): Finding => {
  const data = { pids, recorded }
  const strangers = pids.filter((pid) => pid !== recorded)
  if (strangers.length > 0) {
    return warn(
      `An App Server runs that the registry does not know (pid ${strangers.join(', ')}).`,
      {
        detail: 'It keeps the writer locks of the threads that it has loaded.',
        recovery: `kill ${strangers.join(' ')}`,
        data,
      },
    )
  }
  if (pids.length > 0 && !daemonRuns) {
    return warn(`An App Server outlives its daemon (pid ${pids.join(', ')}).`, {
      recovery: 'dispatch up joins it again, dispatch down ends it',
      data,
    })
  }
  return ok(pids.length > 0 ? 'The App Server has its daemon.' : 'No App Server is left over.', {
    data,
  })
}
