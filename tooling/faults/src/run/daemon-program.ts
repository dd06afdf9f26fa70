// The daemon's program in one file, made of its sources for one run: from a bundle it starts for 0.14 s
// of a core, from the sources for 0.34 s, and a run starts it a thousand times. What is looked at from
// outside stays outside of the file.
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'rolldown'

const workspace = join(import.meta.dirname, '../../../..')

/** The path of the program; disposing removes it. */
export type DaemonProgram = AsyncDisposable & { readonly path: string }

/** A defect that is put into one source, to see that it is found. */
export type Defect = { file: string; from: string; to: string }

const toPlugin = ({ file, from, to }: Defect): Plugin => ({
  name: 'defect',
  transform: (code, id) => {
    if (!id.endsWith(file)) return null
    if (!code.includes(from)) throw new Error(`${file} has no ${from}`)
    return code.replace(from, to)
  },
})

/** Makes it. */
export const makeDaemonProgram = async (defect?: Defect): Promise<DaemonProgram> => {
  const parent = join(import.meta.dirname, '../../build')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'daemon-'))
  await build({
    cwd: workspace,
    input: { main: 'apps/daemon/src/main.ts' },
    platform: 'node',
    external: [/^better-sqlite3$/, /^ws$/],
    logLevel: 'warn',
    plugins: defect ? [toPlugin(defect)] : [],
    output: { dir: folder, format: 'esm', keepNames: true },
  })
  return {
    path: join(folder, 'main.js'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
