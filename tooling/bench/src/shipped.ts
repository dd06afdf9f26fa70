// The package as it is shipped, with the one dependency that is not in its bundles: a copy, so that a
// build made meanwhile changes nothing under a running measurement.
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The shipped bins. */
export type Shipped = AsyncDisposable & { dispatch: string; dispatchd: string }

const built = fileURLToPath(new URL('../../release/build/outfitter-dispatch', import.meta.url))

/** Copies the built package. */
export const copyShipped = async (): Promise<Shipped> => {
  const root = await mkdtemp(join(tmpdir(), 'dsp-bench-'))
  const driver = fileURLToPath(import.meta.resolve('better-sqlite3/package.json'))
  await cp(built, root, { recursive: true })
  await mkdir(join(root, 'node_modules'))
  await symlink(dirname(driver), join(root, 'node_modules/better-sqlite3'))
  return {
    dispatch: join(root, 'dist/dispatch.mjs'),
    dispatchd: join(root, 'dist/dispatchd.mjs'),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}
