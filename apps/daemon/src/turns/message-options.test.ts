import { expect, it } from 'vitest'
import { decideOptions } from './message-options.ts'

const plain = { overrides: {}, wait: false }

it.each(['send', 'steer', 'queue', 'interject', 'context'] as const)('%s goes alone', (mode) => {
  expect(decideOptions(mode, plain)).toBeNull()
})

it('settings go with a turn that starts, and with nothing else', () => {
  const overrides = { effort: 'low' }
  for (const mode of ['send', 'queue', 'interject'] as const) {
    expect(decideOptions(mode, { ...plain, overrides })).toBeNull()
  }
  for (const mode of ['steer', 'context'] as const) {
    expect(decideOptions(mode, { ...plain, overrides })).toMatchObject({
      code: 'validation',
      message: expect.stringContaining(`--${mode}`),
    })
  }
})

it('what starts no turn has none to wait for', () => {
  expect(decideOptions('context', { ...plain, wait: true })?.code).toBe('validation')
  expect(decideOptions('steer', { ...plain, wait: true })).toBeNull()
})
