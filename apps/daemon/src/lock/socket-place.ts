// Where the control socket goes: into the home, or, where that path is too long for a Unix socket, into
// a short private directory, which the home then records.
import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { DispatchError } from '@dispatch/contract'
import { type HomePaths, isSocketPath } from '@dispatch/contract/home'
import { requirePrivate } from './home.ts'
import { makeFolders } from '@dispatch/contract/home-faults'

type Machine = {
  uid: number
  tmpdir: string
  /** XDG_RUNTIME_DIR, a directory of the user alone, where the machine has one. */
  runtimeDir?: string | undefined
}

const makePrivate = (path: string, uid: number): string => {
  makeFolders(path, (folder) => mkdirSync(folder, { mode: 0o700 }))
  requirePrivate(path, uid)
  return path
}

const shortDirectory = ({ uid, tmpdir, runtimeDir }: Machine): string =>
  runtimeDir
    ? makePrivate(`${runtimeDir}/dispatch`, uid)
    : makePrivate(`${tmpdir}/dispatch-${uid}`, uid)

/** The path to listen on; writes or removes the home's record of it. The caller holds the lock. */
export const placeSocket = (
  paths: Pick<HomePaths, 'home' | 'socket' | 'socketPointer'>,
  machine: Machine,
): string => {
  if (isSocketPath(paths.socket)) {
    rmSync(paths.socketPointer, { force: true })
    return paths.socket
  }
  const name = createHash('sha256').update(paths.socket).digest('hex').slice(0, 16)
  const path = `${shortDirectory(machine)}/${name}.sock`
  if (!isSocketPath(path)) {
    throw new DispatchError('validation', `${path} is too long for a Unix socket.`, {
      hint: 'Set DISPATCH_SOCKET to a shorter path.',
    })
  }
  const draft = `${paths.socketPointer}.new`
  writeFileSync(draft, `${path}\n`, { mode: 0o600 })
  renameSync(draft, paths.socketPointer)
  return path
}
