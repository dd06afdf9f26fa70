import { expect, test } from 'vitest'
import { renderFindings } from './findings-view.ts'

const screen = { columns: 80, color: false, now: 0, isFile: false }
const view = { kind: 'findings', template: 'dispatch {version}: {status}', rows: 'checks' } as const

test('a line a finding, with its detail and the next step below it', () => {
  const checks = [
    { name: 'path', status: 'ok', summary: 'Found.', detail: null, recovery: null },
    {
      name: 'registry',
      status: 'fail',
      summary: 'Damaged.',
      detail: 'page 3\npage 4',
      recovery: 'restore it',
    },
    { name: 'x', status: 'skipped', summary: 'Not\u001b[31m asked.', detail: null, recovery: null },
  ]
  const text = renderFindings({ version: '1.2.3', status: 'fail', checks }, view, screen)
  expect(text.split('\n')).toEqual([
    'dispatch 1.2.3: fail',
    '[ok]      path: Found.',
    '[fail]    registry: Damaged.',
    '         detail: page 3',
    '                 page 4',
    '         next: restore it',
    expect.stringMatching(/^\[skipped\] x: Not.*asked\.$/) as string,
    '',
  ])
  expect(text).not.toContain('\u001b')
})

test('what does not fit goes on below its beginning, at a word', () => {
  const id = '01990000-0000-7000-8000-000000000001'
  const detail = `Request ${id} waits.`
  const check = { name: 'requests', status: 'warn', summary: 'A person is asked.', detail }
  const checks = [{ ...check, recovery: 'dispatch request list, then approve, deny or respond' }]
  const narrow = { ...screen, columns: 54 }
  const text = renderFindings({ version: '1', status: 'warn', checks }, view, narrow)
  expect(text.split('\n').slice(1)).toEqual([
    '[warn]    requests: A person is asked.',
    '         detail: Request',
    `                 ${id}`,
    '                 waits.',
    '         next: dispatch request list, then approve,',
    '               deny or respond',
    '',
  ])
})
