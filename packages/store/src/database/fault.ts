// What SQLite and the file system report, as the store's own classes.
import {
  CorruptDatabaseError,
  DatabaseAccessError,
  DiskFullError,
  LockedDatabaseError,
  StoreError,
  UniqueError,
} from './errors.ts'

const classes: readonly [RegExp, (file: string, cause: unknown) => StoreError][] = [
  [
    /^SQLITE_(?:CORRUPT|NOTADB)/,
    (file, cause) => new CorruptDatabaseError(`${file} is damaged or no database`, file, cause),
  ],
  [
    /^SQLITE_(?:BUSY|LOCKED)/,
    (file, cause) => new LockedDatabaseError(`${file} is locked by another process`, file, cause),
  ],
  [
    /^(?:SQLITE_(?:FULL|IOERR_WRITE|IOERR_SHMSIZE)|ENOSPC|EDQUOT)/,
    (file, cause) => new DiskFullError(`the disk of ${file} is full`, file, cause),
  ],
  [
    /^(?:SQLITE_(?:READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR)/,
    (file, cause) => new DatabaseAccessError(`${file} cannot be opened or written`, file, cause),
  ],
]

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''

/** The class of a fault of SQLite or of the file system; anything else as it came. */
export const toStoreError = (thrown: unknown, file: string): unknown => {
  const code = codeOf(thrown)
  if (code === '' || !(thrown instanceof Error)) return thrown
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return new UniqueError(file, thrown.message.replace(/^.*failed: /, ''), thrown)
  }
  const found = classes.find(([pattern]) => pattern.test(code))
  if (found !== undefined) return found[1](file, thrown)
  return code.startsWith('SQLITE_') ? new StoreError(`${file}: ${code}`, file, thrown) : thrown
}

/** Runs `fn`, and throws what it throws as the store's own class. */
export const withStoreErrors = <T>(file: string, fn: () => T): T => {
  try {
    return fn()
  } catch (error) {
    throw toStoreError(error, file)
  }
}
