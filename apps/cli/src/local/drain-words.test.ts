import { expect, test } from 'vitest'
import { drainToWords } from './drain-words.ts'

const lane = (name: string, asks = false) => ({ ref: `0${name}`, handle: `@${name}`, asks })

test('a drain says for whom it waits, and of whom it may wait for ever', () => {
  expect(drainToWords([lane('a'), lane('b')])).toBe('waits for @a, @b')
  expect(drainToWords([lane('gate'), lane('rq', true)])).toBe(
    'waits for @rq (asks a person), @gate; until it is answered: dispatch request list',
  )
  const many = Array.from({ length: 12 }, (_, at) => lane(`l${at}`))
  expect(drainToWords(many)).toMatch(/^waits for @l0, .*, @l9, and 2 more$/)
})
