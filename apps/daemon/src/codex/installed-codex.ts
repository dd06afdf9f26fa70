// The Codex of this machine, as it was found last: looked for before each start, because it may be
// installed, upgraded or removed while the daemon lives.
import { mkdirSync, statSync } from 'node:fs'
import { readCodexVersion } from '@dispatch/codex-client'
import type { CodexStatus } from '@dispatch/contract'
import { makeFolders } from '@dispatch/contract/home-faults'
import { codexHint, findCodex } from './codex-binary.ts'
import type { ServerOptions } from './connected-server.ts'
import { recordedPid } from './server-record.ts'

/** What looking needs. */
export type InstalledOptions = Pick<ServerOptions, 'host' | 'records' | 'codexHome'> & {
  connection: CodexStatus['connection']
  /** A module path from which an installed @openai/codex is looked for. */
  from: string
  /** Whether CODEX_HOME is the default one, which is made when it is missing. */
  defaultCodexHome: boolean
}

/** The Codex that was found last. */
export type InstalledCodex = {
  /** Throws where none can be had and one is needed. */
  look(): Promise<void>
  /** Its path; null where there is none. */
  binary(): string | null
  /** What helps where there is none. */
  hint(): string
  /** A server was started from it, and says this of itself. */
  started(version: string | undefined): void
  /** Whether a server of that version is of another Codex. */
  differsFrom(version: string | undefined): boolean
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

type Found = { binary: string | null; version: string | null; build: string | null }

const nothing: Found = { binary: null, version: null, build: null }

/** Makes the looking. */
export const makeInstalledCodex = (options: InstalledOptions): InstalledCodex => {
  const { host, records, codexHome, connection } = options
  let found = nothing

  // A server that is started now says its version itself; one that is joined may be of an older Codex.
  const mayJoin = (): boolean => connection === 'shared' || recordedPid(host, records) !== null

  const requireHome = (): void => {
    if (isFolder(codexHome)) return
    throw new Error(`CODEX_HOME names ${codexHome}, and there is no such directory`)
  }

  const checkCodexHome = (): void => {
    if (!options.defaultCodexHome) requireHome()
    else makeFolders(codexHome, (path) => mkdirSync(path, { mode: 0o700 }))
  }

  return {
    look: async () => {
      checkCodexHome()
      const search = findCodex(host, options.from)
      if ('missing' in search) {
        found = nothing
        if (connection !== 'shared' && !records.get()) throw new Error(search.missing)
        return
      }
      const { binary } = search
      // An upgrade may keep the path.
      const { mtimeMs, size } = statSync(binary)
      const build = `${binary} ${mtimeMs} ${size}`
      if (build === found.build && found.version !== null) return
      const version = mayJoin()
        ? await readCodexVersion({ binary, codexHome, env: host.env })
        : null
      found = { binary, version, build }
    },
    binary: () => found.binary,
    hint: () =>
      options.defaultCodexHome || isFolder(codexHome)
        ? codexHint
        : `mkdir -p ${codexHome}, or dispatch down and start with another CODEX_HOME`,
    started: (version = '') => {
      if (version !== '') found = { ...found, version }
    },
    differsFrom: (version) =>
      found.version !== null && version !== undefined && version !== found.version,
  }
}
