// Why a folder cannot be the home, in the words of a person, and the making of folders. Pure: what
// touches the disk is handed in.
import { DispatchError } from './errors.ts'
import { faultToCode } from './file-faults.ts'

const reasons: Record<string, string> = {
  EACCES: 'you may not use it',
  EPERM: 'the system does not allow it',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of its path is no directory',
  ENAMETOOLONG: 'its path is too long',
  ELOOP: 'its path goes round in links',
  ENOENT: 'it cannot be made there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
}

/** What the system said of the home as an error of the contract; anything else as it is. */
export const homeFaultToError = (home: string, thrown: unknown): unknown => {
  if (thrown instanceof DispatchError) return thrown
  const code = faultToCode(thrown)
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined
  if (reason === undefined) return thrown
  return new DispatchError('validation', `${home} cannot be the home: ${reason} (${code}).`, {
    hint: 'Make it a folder that is readable and writable by you, or set DISPATCH_HOME to another.',
    details: { path: home, cause: code },
    cause: thrown,
  })
}

/** Makes a folder, and those above it one by one: Node's own recursion never ends below /proc. */
export const makeFolders = (path: string, mkdir: (path: string) => void): void => {
  try {
    mkdir(path)
  } catch (error) {
    if (faultToCode(error) === 'EEXIST') return
    const above = path.slice(0, path.lastIndexOf('/'))
    if (faultToCode(error) !== 'ENOENT' || above === '') throw error
    makeFolders(above, mkdir)
    mkdir(path)
  }
}

/** How the system itself marks the path of a directory that was removed. */
const REMOVED = ' (deleted)'

/** Whether it is the path of a directory that was removed while somebody was in it. */
export const isRemoved = (directory: string): boolean => directory.endsWith(REMOVED)

/** The caller's directory; of one that was removed a path that is surely not there. */
export const currentDirectory = (
  cwd: () => string,
  { PWD: remembered = '' }: Readonly<Record<string, string | undefined>>,
): string => {
  try {
    return cwd()
  } catch {
    return `${remembered.startsWith('/') ? remembered : '/'}${REMOVED}`
  }
}
