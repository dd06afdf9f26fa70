// codex_home: whether this shell and the daemon that runs mean the same CODEX_HOME. What is looked at of
// Codex is that of the daemon: its lanes live there, whatever a shell says.
import { homesToWays, isSameHome } from '../codex/caller-home.ts'
import { type Finding, ok, skipped, warn } from './check.ts'

type Homes = {
  /** Of this shell. */
  own: string
  /** Of the daemon; null where none answers. */
  daemon: string | null
}

/** Compares them. */
export const checkCodexHome = ({ own, daemon }: Homes): Finding => {
  if (daemon === null) return skipped('No daemon answers that has one.')
  const data = { shell: own, daemon }
  if (isSameHome(own, daemon)) return ok(`CODEX_HOME is ${own}.`, { data })
  const { fact, wayOut } = homesToWays(daemon, own)
  return warn(fact, {
    detail: 'Lanes are made in that of the daemon, and this doctor looks at it.',
    recovery: wayOut,
    data,
  })
}
