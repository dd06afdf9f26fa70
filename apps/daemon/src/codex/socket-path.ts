// Where the app-server of a home listens: in the home, or in a private short place where the home's
// path is too long for a Unix socket.
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { DispatchError } from '@dispatch/contract'
import { isSocketPath } from '@dispatch/contract/home'
import type { Host } from '../host/host.ts'
import { makeFolders } from '@dispatch/contract/home-faults'

const shortFolder = (host: Host): string => {
  const runtime = host.env.XDG_RUNTIME_DIR
  const folder = runtime?.startsWith('/')
    ? `${runtime}/dispatch`
    : `${host.tmpdir}/dispatch-${host.uid}`
  makeFolders(folder, (path) => mkdirSync(path, { mode: 0o700 }))
  // Another user may have made it first, as a folder or as a link.
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== host.uid || (stat.mode & 0o077) !== 0) {
    throw new DispatchError('validation', `${folder} is not a private folder of yours.`, {
      hint: `Remove it, or use a shorter DISPATCH_HOME.`,
    })
  }
  return folder
}

/** The path that the app-server of that home listens on. */
export const codexSocketPath = (host: Host, home: string): string => {
  const path = `${home}/codex.sock`
  if (isSocketPath(path)) return path
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  return `${shortFolder(host)}/${name}.codex.sock`
}
