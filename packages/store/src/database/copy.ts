// Copies of the registry: private, and only kept when SQLite finds them sound.
import BetterSqlite, { type Database } from 'better-sqlite3'
import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { CorruptDatabaseError } from './errors.ts'

/** Every fault that SQLite finds; empty when sound. */
export const faultsOf = (db: Database): string[] => {
  const rows = db.pragma('integrity_check') as { integrity_check: string }[]
  const faults = rows.map((row) => row.integrity_check)
  return faults.length === 1 && faults[0] === 'ok' ? [] : faults
}

/** The same without comparing indexes with their tables: several times faster. */
export const quickFaultsOf = (db: Database): string[] => {
  const rows = db.pragma('quick_check') as { quick_check: string }[]
  return rows.map((row) => row.quick_check).filter((fault) => fault !== 'ok')
}

// Made before SQLite fills it, so that it is never readable by others.
const reserve = (path: string): void => closeSync(openSync(path, 'wx', 0o600))

const verify = (path: string): void => {
  const copy = new BetterSqlite(path, { readonly: true, fileMustExist: true })
  try {
    const faults = faultsOf(copy)
    if (faults.length > 0) {
      throw new CorruptDatabaseError(`the copy ${path} is damaged: ${faults[0]}`, path)
    }
  } finally {
    copy.close()
  }
}

// SQLite does not sync what VACUUM INTO wrote.
const toDisk = (path: string): void => {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const sidecars = ['', '-wal', '-shm', '-journal']

const orRemoved = <T>(path: string, error: T): T => {
  for (const suffix of sidecars) rmSync(path + suffix, { force: true })
  return error
}

/** A free name beside the database, by the schema that the copy has. */
const copyPath = (file: string, version: number): string => {
  const base = `${file}.schema-${version}`
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? `${base}.backup` : `${base}.${count}.backup`
    if (!existsSync(path)) return path
  }
}

/** Copies one snapshot of the database to a free path; synchronous, and unmoved by other writers. */
export const copyInto = (db: Database, path: string): void => {
  reserve(path)
  try {
    db.prepare('VACUUM INTO ?').run(path)
    toDisk(path)
    verify(path)
  } catch (error) {
    throw orRemoved(path, error)
  }
}

/** Copies the database before its schema changes. */
export const copyBeforeMigration = (db: Database, version: number): string => {
  const path = copyPath(db.name, version)
  copyInto(db, path)
  return path
}

/** Copies the database while it is in use. */
export const copyWhileInUse = async (db: Database, path: string): Promise<void> => {
  reserve(path)
  try {
    await db.backup(path)
    verify(path)
  } catch (error) {
    throw orRemoved(path, error)
  }
}
