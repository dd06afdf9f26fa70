// The caller's own login for a throw-away Codex: a copy of its file, for as long as the scenario runs.
// A home that is kept is kept without it.
import { copyFile, chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import { faultToCode } from '@dispatch/contract/file-faults'
import type { Io } from '../../io.ts'

const FILE = 'auth.json'

/** Copies it into that CODEX_HOME; disposing removes the copy. */
export const lendLogin = async (
  { env, homedir }: Pick<Io, 'env' | 'homedir'>,
  codexHome: string,
): Promise<AsyncDisposable> => {
  const file = join(env['CODEX_HOME'] || join(homedir(), '.codex'), FILE)
  const copy = join(codexHome, FILE)
  await mkdir(codexHome, { mode: 0o700 })
  try {
    await copyFile(file, copy)
  } catch (cause) {
    if (faultToCode(cause) !== 'ENOENT') throw cause
    throw new DispatchError('validation', `Codex has no login: there is no ${file}.`, {
      hint: 'codex login; or leave --real out, for the simulated model',
      cause,
    })
  }
  await chmod(copy, 0o600)
  return { [Symbol.asyncDispose]: () => rm(copy, { force: true }) }
}
