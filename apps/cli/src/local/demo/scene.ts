// The throw-away world of the demo: directories for dispatch, for Codex and for the work, gone at the
// end unless they are to be kept, and the environment that points there.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../../io.ts'
import { rules } from './script.ts'

/** The world. */
export type Scene = AsyncDisposable & {
  root: string
  /** Where the lanes work. */
  work: string
  codexHome: string
  /** The simulator's rules. */
  scenario: string
  env: Io['env']
}

const elsewhere = new Set(['DISPATCH_SOCKET', 'DISPATCH_DB', 'DISPATCH_PIDFILE', 'CODEX_THREAD_ID'])

// TMPDIR too: the sandbox of Codex leaves folders in it.
const envOf = (env: Io['env'], root: string, codexHome: string): Io['env'] => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !elsewhere.has(name))),
  DISPATCH_HOME: join(root, 'home'),
  TMPDIR: join(root, 'tmp'),
  CODEX_HOME: codexHome,
})

/** Makes the world. */
export const makeScene = async (env: Io['env'], keep: boolean): Promise<Scene> => {
  const root = await mkdtemp(join(tmpdir(), 'dispatch-demo-'))
  const work = join(root, 'work')
  const codexHome = join(root, 'codex')
  const scenario = join(root, 'rules.json')
  await mkdir(work)
  await mkdir(join(root, 'tmp'))
  await writeFile(join(work, 'README.md'), '# A project to work on\n')
  await writeFile(scenario, JSON.stringify(rules))
  return {
    root,
    work,
    codexHome,
    scenario,
    env: envOf(env, root, codexHome),
    async [Symbol.asyncDispose]() {
      if (!keep) await rm(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
