// What a refusal of the registry means to a person: one function turns the store's errors into ours.
import { DispatchError } from '@dispatch/contract'
import {
  CorruptDatabaseError,
  CursorError,
  DatabaseAccessError,
  DiskFullError,
  ExistingFileError,
  ForeignDatabaseError,
  LockedDatabaseError,
  NetworkFileSystemError,
  NewerSchemaError,
  StoreError,
  UniqueError,
} from '@dispatch/store'

type Way = { code: 'conflict' | 'validation' | 'internal'; hint: string }

const wayOut = (error: StoreError): Way => {
  const { file } = error
  if (error instanceof ForeignDatabaseError) {
    return {
      code: 'conflict',
      hint: `It was not touched. Use another home (DISPATCH_HOME=...) or another file (DISPATCH_DB=...), or move ${file} away.`,
    }
  }
  if (error instanceof NewerSchemaError) {
    return {
      code: 'conflict',
      hint: 'Upgrade dispatch to the version that wrote it, or use another DISPATCH_HOME.',
    }
  }
  if (error instanceof CorruptDatabaseError) {
    return {
      code: 'internal',
      hint: `dispatch registry restore FILE puts a copy back (${file}.*.backup), or move ${file} away and start with an empty registry.`,
    }
  }
  if (error instanceof LockedDatabaseError) {
    return { code: 'conflict', hint: `Close the program that has ${file} open.` }
  }
  if (error instanceof DatabaseAccessError) {
    return { code: 'validation', hint: `Make ${file} and its folder readable and writable by you.` }
  }
  if (error instanceof ExistingFileError) {
    return { code: 'validation', hint: 'It was not touched. Name a path that is free.' }
  }
  if (error instanceof NetworkFileSystemError) {
    return { code: 'validation', hint: 'Put DISPATCH_HOME on a local disk.' }
  }
  if (error instanceof DiskFullError) {
    return { code: 'internal', hint: 'Free some space on the disk; dispatch goes on by itself.' }
  }
  if (error instanceof UniqueError) {
    return { code: 'conflict', hint: 'Another call took it at the same time: try another name.' }
  }
  return { code: 'internal', hint: 'dispatch daemon logs --level error' }
}

/** The error of the contract for whatever the store threw; anything else as it is. */
export const registryFailureToError = (thrown: unknown): unknown => {
  if (thrown instanceof CursorError) {
    return new DispatchError('validation', 'The cursor is none of an earlier answer.', {
      cause: thrown,
    })
  }
  if (!(thrown instanceof StoreError)) return thrown
  const { code, hint } = wayOut(thrown)
  return new DispatchError(code, `${thrown.message}.`, {
    hint,
    details: { file: thrown.file },
    cause: thrown,
  })
}

/** What helps where a file that was named is no sound copy of the registry. */
export const noCopyHintOf = (database: string): string =>
  `It was not touched. Name a copy of the registry: dispatch registry backup makes one, and ${database}.*.backup are those that were made.`

/** The same for a file that was named to be read as a copy: what is wrong with it is no fault of the home. */
export const copyFailureToError = (
  thrown: unknown,
  { file, database }: { file: string; database: string },
): unknown => {
  const error = registryFailureToError(thrown)
  if (!(thrown instanceof StoreError) || !(error instanceof DispatchError)) return error
  const isOfFile = thrown.file === file && file !== database
  if (!isOfFile || thrown instanceof NewerSchemaError || thrown instanceof LockedDatabaseError) {
    return error
  }
  return new DispatchError(error.code, error.message, {
    hint: noCopyHintOf(database),
    ...(error.details ? { details: error.details } : {}),
    cause: thrown,
  })
}
