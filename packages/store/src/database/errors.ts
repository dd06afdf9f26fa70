// Why a database cannot be opened or written. The daemon maps each class to an answer; messages name
// the file and never content.

/** Base of every refusal of the store. */
export class StoreError extends Error {
  readonly file: string

  constructor(message: string, file: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.file = file
  }
}

/** The file is a database of another program; it was not touched. */
export class ForeignDatabaseError extends StoreError {
  readonly applicationId: number

  constructor(file: string, applicationId: number) {
    super(`${file} is a database of another program`, file)
    this.applicationId = applicationId
  }
}

/** The database was written by a newer dispatch. */
export class NewerSchemaError extends StoreError {
  readonly found: number
  readonly known: number

  constructor(file: string, found: number, known: number) {
    super(`${file} has schema ${found}; this dispatch knows ${known}`, file)
    this.found = found
    this.known = known
  }
}

/** A read-only opening found a database that its writer has yet to create or migrate. */
export class OlderSchemaError extends StoreError {}

/** The file is damaged, or no database. */
export class CorruptDatabaseError extends StoreError {}

/** Another process holds a lock on the database. */
export class LockedDatabaseError extends StoreError {}

/** The file or its directory cannot be read or written by this user. */
export class DatabaseAccessError extends StoreError {}

/** Something stands where a copy was to go. */
export class ExistingFileError extends StoreError {
  constructor(file: string) {
    super(`${file} exists already`, file)
  }
}

/** The file is on a network file system, where SQLite's locks and shared memory do not hold. */
export class NetworkFileSystemError extends StoreError {}

/** The disk is full. */
export class DiskFullError extends StoreError {}

/** A row would repeat what must be unique. */
export class UniqueError extends StoreError {
  /** The columns, as SQLite names them: `lanes.handle`. */
  readonly columns: string

  constructor(file: string, columns: string, cause: unknown) {
    super(`there is a row with the same ${columns} already`, file, cause)
    this.columns = columns
  }
}

/** A cursor of a list that no page gave. */
export class CursorError extends Error {
  constructor() {
    super('not a cursor of this list')
    this.name = 'CursorError'
  }
}
