// A throw-away world: directories for dispatch, for Codex and for the work, gone at the end unless they
// are to be kept, and the environment that points there.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../../io.ts'

/** The world. */
export type Scene = AsyncDisposable & {
  root: string
  home: string
  /** Where the lanes work. */
  work: string
  codexHome: string
  env: Io['env']
  /** Leaves it where it is. */
  keep(): void
}

const elsewhere = new Set(['DISPATCH_SOCKET', 'DISPATCH_DB', 'DISPATCH_PIDFILE', 'CODEX_THREAD_ID'])

/** Makes the world; `play` is in its name. */
export const makeScene = async (env: Io['env'], play: string): Promise<Scene> => {
  const root = await mkdtemp(join(tmpdir(), `dispatch-${play}-`))
  const [home, work, codexHome, temporary] = ['home', 'work', 'codex', 'tmp'].map((name) =>
    join(root, name),
  ) as [string, string, string, string]
  let isKept = false
  await mkdir(work)
  await mkdir(temporary)
  await writeFile(join(work, 'README.md'), '# A project to work on\n')
  return {
    root,
    home,
    work,
    codexHome,
    env: {
      ...Object.fromEntries(Object.entries(env).filter(([name]) => !elsewhere.has(name))),
      DISPATCH_HOME: home,
      // TMPDIR too: the sandbox of Codex leaves folders in it.
      TMPDIR: temporary,
      CODEX_HOME: codexHome,
    },
    keep: () => void (isKept = true),
    async [Symbol.asyncDispose]() {
      if (!isKept) await rm(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
