// The daemon's program in one file, made of its sources for one run: from a bundle it starts for 0.14 s
// of a core, from the sources for 0.34 s, and a run starts it a thousand times. What is looked at from
// outside stays outside of the file.
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'rolldown'

const workspace = join(import.meta.dirname, '../../../..')

/** The path of the program; disposing removes it. */
export type DaemonProgram = AsyncDisposable & { readonly path: string }

/** Makes it. */
export const makeDaemonProgram = async (): Promise<DaemonProgram> => {
  const parent = join(import.meta.dirname, '../../build')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'daemon-'))
  await build({
    cwd: workspace,
    input: { main: 'apps/daemon/src/main.ts' },
    platform: 'node',
    external: [/^better-sqlite3$/, /^ws$/],
    logLevel: 'warn',
    output: { dir: folder, format: 'esm', keepNames: true },
  })
  return {
    path: join(folder, 'main.js'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
