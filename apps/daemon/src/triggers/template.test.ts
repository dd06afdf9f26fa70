import { expect, it } from 'vitest'
import { templateProblemOf, templateToText } from './template.ts'

const values = {
  'lane.ref': '0abcde',
  'lane.title': '[r] ${lane.ref}',
  'trigger.name': 't',
  'fire.scheduledAt': '2026-01-01T00:00:00.000Z',
  'turn.lastMessage': '$& done',
}

it('fills in placeholders, and what is put in is left as it is', () => {
  const text = '${lane.ref} ${lane.title} ${trigger.name} ${fire.scheduledAt} ${turn.lastMessage}'
  expect(templateToText(text, values)).toBe(
    '0abcde [r] ${lane.ref} t 2026-01-01T00:00:00.000Z $& done',
  )
})

it('refuses what is no placeholder, and a lane that is not there yet', () => {
  expect(templateProblemOf('costs $5, {this} and ${trigger.name}', true)).toBeNull()
  expect(templateProblemOf('${lane.name}', true)).toMatch(/^\$\{lane.name\} is no placeholder; /)
  expect(templateProblemOf('${}', true)).toMatch(/no placeholder/)
  expect(templateProblemOf('${lane.ref}', false)).toBe('${lane.ref} has no value with --action new')
})
