import { expect, it } from 'vitest'
import { errorToMethods, METHOD_NEEDS, missingMethods } from './offered-methods.ts'

it('reads the methods from the error of an unknown one', () => {
  const message = 'Invalid request: unknown variant `no/such`, expected one of `initialize`, `a/b`'
  expect(errorToMethods(message)).toEqual(['initialize', 'a/b'])
  expect(errorToMethods('Method not found')).toEqual([])
})

it('tells what is missing by what it takes away', () => {
  const all = Object.keys(METHOD_NEEDS)
  expect(missingMethods(all)).toEqual({ needed: [], optional: [] })
  const some = all.filter((name) => name !== 'turn/start' && name !== 'thread/fork')
  expect(missingMethods(some)).toEqual({ needed: ['turn/start'], optional: ['thread/fork'] })
})
