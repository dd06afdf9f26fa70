// Where paths of rules and of file changes lead to, on the disk as it is now.
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Places } from './decide.ts'

/** Follows links; of what does not exist yet, those of the nearest folder that does. */
const followed = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(followed(parent), basename(path))
  }
}

/** The places as a lane in that directory names them. */
export const placesOf = (cwd: string, homedir: string): Places => {
  const normal = (path: string): string =>
    path === '~' || path.startsWith('~/')
      ? resolve(homedir, `.${path.slice(1)}`)
      : resolve(cwd, path)
  return { normal, real: (path) => followed(normal(path)) }
}
