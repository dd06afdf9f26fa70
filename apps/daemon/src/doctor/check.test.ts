import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { check } from './check.ts'

it('a check that throws has failed: a file in words, anything else as the system says it', async () => {
  const file = await check('a', () => {
    readFileSync('/dev/null/x')
    throw new Error('unreachable')
  })
  expect(file).toMatchObject({
    status: 'fail',
    detail: '/dev/null/x: a part of its path is no directory',
  })
  const program = await check('a', () => {
    // A file that may be read and is no program.
    execFileSync(import.meta.filename)
    throw new Error('unreachable')
  })
  expect(program).toMatchObject({ status: 'fail', detail: expect.stringContaining('EACCES') })
})
