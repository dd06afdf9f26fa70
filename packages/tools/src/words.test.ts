import { expect, test } from 'vitest'
import { inWordsOfTools, snakeCase } from './words.ts'

const input = {
  properties: {
    send: { negatable: true },
    timeoutSeconds: { flag: 'timeout' },
    text: { fileFlag: 'input-file' },
    mode: { switches: ['queue'] },
  },
}

test.each([
  ['With --no-send it is left.', 'With send: false it is left.'],
  ['Ends by --timeout.', 'Ends by timeoutSeconds.'],
  ['Reads --input-file. Waits with --queue.', 'Reads text. Waits with mode: queue.'],
  ['Takes a sample. With --follow: for ever.', 'Takes a sample.'],
  ['What list --with-all shows', 'What list withAll shows'],
])('%s', (text, said) => {
  expect(inWordsOfTools(text, { input })).toBe(said)
})

test('names', () => {
  expect(['goal.status', 'listUnmanaged', 'new'].map(snakeCase)).toEqual([
    'goal_status',
    'list_unmanaged',
    'new',
  ])
})
