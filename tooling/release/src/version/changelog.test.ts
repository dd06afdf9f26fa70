import { describe, expect, it } from 'vitest'
import { addSection, notesToSection, sectionOf } from './changelog.ts'

const preamble = '# Changelog\n\nThe format.\n'

const section = notesToSection('0.2.0', '2027-01-02', [
  { raises: 'patch', summary: 'a wait that hung ends' },
  { raises: 'major', summary: '`up` wants a home\n\nSet one.' },
  { raises: 'patch', summary: 'a title is whole' },
])

describe('the changelog', () => {
  it('has what breaks before what is mended, each with all its lines', () => {
    expect(section).toBe(
      [
        '## [0.2.0] - 2027-01-02',
        '### Breaking',
        '- `up` wants a home\n  \n  Set one.',
        '### Fixed',
        '- a wait that hung ends\n- a title is whole',
      ].join('\n\n'),
    )
  })

  it('takes a version in above the others, and the first below what it begins with', () => {
    const first = addSection(preamble, '## [0.1.0] - 2027-01-01\n\n- all')
    expect(first).toBe(`${preamble}\n## [0.1.0] - 2027-01-01\n\n- all\n`)
    const second = addSection(first, section)
    expect(second.indexOf('[0.2.0]')).toBeLessThan(second.indexOf('[0.1.0]'))
    expect(sectionOf(second, '0.1.0')).toBe('- all')
    expect(sectionOf(second, '0.2.0')).toMatch(/^### Breaking[^]+a title is whole$/)
  })

  it('says nothing of a version that it does not have', () => {
    expect(sectionOf(addSection(preamble, section), '0.2')).toBeNull()
  })
})
