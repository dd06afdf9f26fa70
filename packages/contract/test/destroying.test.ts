import { expect, test } from 'vitest'
import { isDestroying } from '../src/destroying.ts'

test.each([
  ['destroy', {}, true],
  ['destroy', { force: false }, true],
  ['write', { force: true }, true],
  ['write', { force: 'true' }, false],
  ['write', {}, false],
  ['read', { force: true }, false],
] as const)('%s with %j: %s', (intent, input, destroys) => {
  expect(isDestroying({ intent, input })).toBe(destroys)
})
