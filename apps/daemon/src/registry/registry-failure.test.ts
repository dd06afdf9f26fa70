import {
  CorruptDatabaseError,
  CursorError,
  DatabaseAccessError,
  DiskFullError,
  ForeignDatabaseError,
  LockedDatabaseError,
  NetworkFileSystemError,
  NewerSchemaError,
  OlderSchemaError,
  StoreError,
  UniqueError,
} from '@dispatch/store'
import { expect, it } from 'vitest'
import { registryFailureToError } from './registry-failure.ts'

const file = '/h/registry.db'

it.each([
  [new ForeignDatabaseError(file, 7), 'conflict', 'not touched'],
  [new NewerSchemaError(file, 9, 1), 'conflict', 'Upgrade'],
  [new CorruptDatabaseError('broken', file), 'internal', `${file}.*.backup`],
  [new LockedDatabaseError('locked', file), 'conflict', 'Close'],
  [new DatabaseAccessError('no', file), 'validation', 'readable'],
  [new NetworkFileSystemError('nfs', file), 'validation', 'local disk'],
  [new DiskFullError('full', file), 'internal', 'space'],
  [new UniqueError(file, 'lanes.handle', null), 'conflict', 'another name'],
  [new OlderSchemaError('old', file), 'internal', 'logs'],
  [new StoreError('odd', file), 'internal', 'logs'],
])('%s is told as %s with a way out', (thrown, code, hint) => {
  expect(registryFailureToError(thrown)).toMatchObject({
    name: 'DispatchError',
    code,
    message: `${thrown.message}.`,
    hint: expect.stringContaining(hint),
    details: { file },
    cause: thrown,
  })
})

it('tells a cursor of no answer from a fault, and leaves alone what is not of the store', () => {
  expect(registryFailureToError(new CursorError())).toMatchObject({ code: 'validation' })
  const bug = new TypeError('x')
  expect(registryFailureToError(bug)).toBe(bug)
})
