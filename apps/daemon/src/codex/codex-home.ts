// Which CODEX_HOME this home works with: the environment's, else ~/.codex. The registry remembers
// it, because lanes are threads of that one.
import { DispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Host } from '../host/host.ts'

const KEY = 'codex.home'

/** A CODEX_HOME, and whether it is the default one. */
export type CodexHome = { path: string; isDefault: boolean }

/** The CODEX_HOME of this daemon. */
export const codexHomeOf = (host: Host): CodexHome => {
  const named = host.env.CODEX_HOME
  return named
    ? { path: named, isDefault: false }
    : { path: `${host.homedir}/.codex`, isDefault: true }
}

/** Records the CODEX_HOME at first, and refuses another one while there are lanes. */
export const keepCodexHome = (store: Store, path: string): void => {
  const known = store.runtime.get(KEY)
  if (typeof known === 'string' && known !== path && store.lanes.open().length > 0) {
    throw new DispatchError(
      'conflict',
      `The lanes of this home live in ${known}, not in ${path}.`,
      {
        hint: `CODEX_HOME=${known} dispatch up, or another DISPATCH_HOME for ${path}`,
        details: { recorded: known, given: path },
      },
    )
  }
  if (known !== path) store.runtime.set(KEY, path)
}
