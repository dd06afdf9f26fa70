// codex_home: whether this shell and the daemon that runs mean the same CODEX_HOME. What is looked at of
// Codex is that of the daemon: its lanes live there, whatever a shell says.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Finding, ok, skipped, warn } from './check.ts'

type Homes = {
  /** Of this shell. */
  own: string
  /** Of the daemon; null where none answers. */
  daemon: string | null
}

const placeOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** Whether both name the same directory, by whatever path. */
export const isSameHome = (one: string, other: string): boolean => placeOf(one) === placeOf(other)

/** Compares them. */
export const checkCodexHome = ({ own, daemon }: Homes): Finding => {
  if (daemon === null) return skipped('No daemon answers that has one.')
  const data = { shell: own, daemon }
  if (isSameHome(own, daemon)) return ok(`CODEX_HOME is ${own}.`, { data })
  return warn(`The daemon works with another CODEX_HOME, ${daemon}, than this shell, ${own}.`, {
    detail: 'Lanes are made in that of the daemon, and this doctor looks at it.',
    recovery: `Set CODEX_HOME=${daemon} here, or another DISPATCH_HOME for ${own}`,
    data,
  })
}
