// Where a server of ours writes what it has to say.
import { closeSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolders } from '@dispatch/contract/home-faults'

const LOG_MAX = 10 * 1024 * 1024

/** Opens it at its end; a long one begins anew. Disposing closes our end. */
export const openServerLog = (file: string): Disposable & { fd: number } => {
  makeFolders(dirname(file), (path) => mkdirSync(path, { mode: 0o700 }))
  try {
    if (statSync(file).size > LOG_MAX) truncateSync(file)
  } catch {
    // No log yet.
  }
  const fd = openSync(file, 'a', 0o600)
  return { fd, [Symbol.dispose]: () => closeSync(fd) }
}
