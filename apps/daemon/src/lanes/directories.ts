// Directories that a lane is to work in. Codex takes any and fails inside the turn, so they are
// looked at before.
import { statSync } from 'node:fs'
import { DispatchError } from '@dispatch/contract'
import { isRemoved } from '@dispatch/contract/home-faults'

/** Throws `validation` where the path that the flag named is no directory. */
export const checkDirectory = (path: string, flag: '--cwd' | '--add-dir'): void => {
  const what = `The directory of ${flag}`
  if (!path.startsWith('/')) {
    throw new DispatchError('validation', `${what} must be an absolute path: ${path}`)
  }
  let isDirectory = false
  try {
    isDirectory = statSync(path).isDirectory()
  } catch (cause) {
    throw new DispatchError('validation', `${what} does not exist: ${path}`, {
      hint: isRemoved(path)
        ? `It was removed while you were in it: cd elsewhere, or name a directory with ${flag}.`
        : `mkdir -p ${path}, or name another directory with ${flag}`,
      details: { path },
      cause,
    })
  }
  if (!isDirectory) {
    throw new DispatchError('validation', `${what} is not a directory: ${path}`, {
      details: { path },
    })
  }
}

type Directories = { cwd: string; addDir?: readonly string[] | undefined }

/** The same of all directories of a lane that is to be made. */
export const checkDirectories = ({ cwd, addDir = [] }: Directories): void => {
  checkDirectory(cwd, '--cwd')
  for (const path of addDir) checkDirectory(path, '--add-dir')
}
