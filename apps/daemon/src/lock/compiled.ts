// The folder of the home in which Node keeps what it compiled of this program. dispatchd's bin hands it to
// Node before it loads anything, where it is there: the third start of a version is some 40 ms shorter
// than the first. Nothing depends on it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { join } from 'node:path'
import type { Log } from '../log/log.ts'
import { makePrivate, requirePrivate } from './home.ts'

/** Names the program that the rest of the folder is of. */
const STAMP = 'made-for'

const readStamp = (folder: string): string | null => {
  try {
    return readFileSync(join(folder, STAMP), 'utf8')
  } catch {
    return null
  }
}

// Node writes at its end into the folder that it made at its start: that one is emptied, not removed.
const clear = (folder: string): void => {
  const inUse = getCompileCacheDir()
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (path !== inUse) rmSync(path, { recursive: true, force: true })
    else for (const file of readdirSync(path)) rmSync(join(path, file), { force: true })
  }
}

/** What preparing needs; `made` names this program and where its Node is. */
export type Compiled = { folder: string; uid: number; made: string; log: Pick<Log, 'warn'> }

/** Makes the folder for the next start, and clears what another program than `made` left there. */
export const prepareCompiled = ({ folder, uid, made, log }: Compiled): void => {
  try {
    makePrivate(folder)
    requirePrivate(folder, uid)
    if (readStamp(folder) === made) return
    clear(folder)
    writeFileSync(join(folder, STAMP), made, { mode: 0o600 })
  } catch (error) {
    log.warn('compiled.failed', { error })
  }
}
