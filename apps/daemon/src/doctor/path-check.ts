// path: whether the two programs can be called by their names.
import { accessSync, constants } from 'node:fs'
import type { Host } from '../host/host.ts'
import { type Finding, ok, warn } from './check.ts'

const programOf = (name: string, path: string): string | null => {
  for (const folder of path.split(':').filter((one) => one.startsWith('/'))) {
    try {
      accessSync(`${folder}/${name}`, constants.X_OK)
      return `${folder}/${name}`
    } catch {
      // Not there.
    }
  }
  return null
}

/** Looks for dispatch and dispatchd on PATH. */
export const checkPath = ({ env, execPath }: Pick<Host, 'env' | 'execPath'>): Finding => {
  const path = env.PATH ?? ''
  const dispatch = programOf('dispatch', path)
  const dispatchd = programOf('dispatchd', path)
  const data = { interpreter: execPath, dispatch, dispatchd, path }
  const missing = [dispatch ? '' : 'dispatch', dispatchd ? '' : 'dispatchd'].filter(Boolean)
  if (missing.length === 0) return ok('dispatch and dispatchd are on PATH.', { data })
  return warn(`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not on PATH.`, {
    recovery:
      'npm install -g outfitter-dispatch, or add the folder of the programs to PATH in this shell.',
    data,
  })
}
