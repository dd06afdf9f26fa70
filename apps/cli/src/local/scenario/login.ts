// The caller's own login for a throw-away Codex: a copy of its file, for as long as the scenario runs.
// A home that is kept is kept without it. Codex renews a login with a token that works once: a copy that
// was renewed is handed back, or the caller would have to sign in again.
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import { faultToCode } from '@dispatch/contract/file-faults'
import type { Io } from '../../io.ts'

const FILE = 'auth.json'
const PRIVATE = { mode: 0o600 }

const readIfThere = async (file: string): Promise<Buffer | null> => {
  try {
    return await readFile(file)
  } catch (error) {
    if (faultToCode(error) !== 'ENOENT') throw error
    return null
  }
}

// What the caller's own Codex made of it meanwhile stays.
const handBack = async (renewed: Buffer | null, lent: Buffer, file: string): Promise<void> => {
  if (renewed === null || renewed.equals(lent)) return
  const now = await readIfThere(file)
  if (!now?.equals(lent)) return
  const real = await realpath(file)
  await writeFile(`${real}.renewed`, renewed, PRIVATE)
  await rename(`${real}.renewed`, real)
}

/** Copies it into that CODEX_HOME; disposing removes the copy, and hands back what was renewed. */
export const lendLogin = async (
  { env, homedir }: Pick<Io, 'env' | 'homedir'>,
  codexHome: string,
): Promise<AsyncDisposable> => {
  const file = join(env['CODEX_HOME'] || join(homedir(), '.codex'), FILE)
  const copy = join(codexHome, FILE)
  const lent = await readIfThere(file)
  if (lent === null) {
    throw new DispatchError('validation', `Codex has no login: there is no ${file}.`, {
      hint: 'codex login; or leave --real out, for the simulated model',
    })
  }
  await mkdir(codexHome, { mode: 0o700 })
  await writeFile(copy, lent, PRIVATE)
  return {
    [Symbol.asyncDispose]: async () => {
      try {
        await handBack(await readIfThere(copy), lent, file)
      } finally {
        await rm(copy, { force: true })
      }
    },
  }
}
