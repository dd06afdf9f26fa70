import { problemsToError } from '@dispatch/contract/input-error'
import { describe, expect, test } from 'vitest'
import { run } from '../run.ts'
import { makeFakeIo } from '../testing/fake-io.ts'
import { makeFakeReach, realTables } from '../testing/fake-reach.ts'

const report = async (argv: string[], path: string[]) => {
  const io = makeFakeIo({ argv: [...argv, '--json'] })
  const reach = makeFakeReach(() => {
    throw problemsToError([{ code: 'x', path, message: 'must be so' }])
  })
  expect(await run(io, realTables, reach)).toBe(2)
  return (JSON.parse(io.err) as { error: { message: string; hint: string } }).error
}

describe('what does not fit, as it is typed', () => {
  test.each([
    [['get', 'a'], ['maxItems'], '--max-items must be so.'],
    [['get', 'a'], ['lane'], '<lane> must be so.'],
    [['wait', 'a', 'b'], ['lanes', '1'], '<lanes> no. 2 must be so.'],
    [['new', '--name', 'a', '--env', 'k=v'], ['env', 'k'], '--env k must be so.'],
    [['wait', 'a', '--timeout', '1'], ['timeoutSeconds'], '--timeout must be so.'],
    [['get', 'a'], [], 'The input must be so.'],
    [['get', 'a'], ['other'], 'other must be so.'],
  ])('%j %j', async (argv, path, message) => {
    const error = await report(argv, path)
    expect(error.message).toBe(message)
    expect(error.hint).toBe(`dispatch ${argv[0]} --help`)
  })
})
