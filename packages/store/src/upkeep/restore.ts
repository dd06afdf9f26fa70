// Puts a verified copy in the place of a registry that nobody has open. What stood there is kept
// aside, its WAL with it, even where it is damaged.
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { CorruptDatabaseError, DatabaseAccessError, ExistingFileError } from '../database/errors.ts'
import { NewerSchemaError } from '../database/errors.ts'
import { withStoreErrors } from '../database/fault.ts'
import { backupRegistry } from './backup.ts'
import { type RegistryReport, reportRegistry } from './report.ts'

/** What to put back, where, and where to keep what stood there. */
export type RestoreOptions = { file: string; from: string; aside: string }

/** Throws why a copy cannot take the place of a registry. */
export const requireRestorable = (from: string): RegistryReport => {
  const report = reportRegistry(from)
  if (report === null) throw new DatabaseAccessError(`there is no file ${from}`, from)
  const { faults, missingTables, danglingRows, schemaVersion, supportedVersion } = report
  const [fault] = [
    ...faults,
    ...(schemaVersion === 0 ? ['it has no tables'] : []),
    ...missingTables.map((name) => `it has no table ${name}`),
    ...(danglingRows > 0 ? [`${danglingRows} rows refer to nothing`] : []),
  ]
  if (schemaVersion > supportedVersion) {
    throw new NewerSchemaError(from, schemaVersion, supportedVersion)
  }
  if (fault !== undefined) throw new CorruptDatabaseError(`${from} is damaged: ${fault}`, from)
  return report
}

/** Restores; the caller holds the home's lock. False where nothing stood there. */
export const restoreRegistry = ({ file, from, aside }: RestoreOptions): boolean => {
  requireRestorable(from)
  const draft = `${file}.restoring`
  rmSync(draft, { force: true })
  // Through SQLite and not byte by byte: it checks what it reads, and takes a WAL of the copy along.
  backupRegistry({ file: from, to: draft })
  return withStoreErrors(file, () => {
    if (existsSync(aside)) throw new ExistingFileError(aside)
    const replaces = existsSync(file)
    // In this order a crash leaves a registry in the place at every moment, and never one beside the
    // WAL of another.
    if (replaces) linkSync(file, aside)
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
    }
    renameSync(draft, file)
    return replaces
  })
}
