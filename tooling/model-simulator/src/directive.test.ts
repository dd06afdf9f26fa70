import { expect, it } from 'vitest'
import { textToDirectives } from './directive.ts'

it('reads a line as a directive, in order, with what follows it', () => {
  expect(textToDirectives('hello there\nreason: hm\nreply: one\ntwo\nshell: ls -la')).toEqual([
    { kind: 'reason', text: 'hm' },
    { kind: 'reply', text: 'one\ntwo' },
    { kind: 'shell', command: 'ls -la', escalated: false },
  ])
})

it.for<[string, object]>([
  ['stream: 20x100ms word', { kind: 'stream', count: 20, everyMs: 100, word: 'word' }],
  ['type: 40ms a b', { kind: 'type', everyMs: 40, text: 'a b' }],
  ['wait: 5ms', { kind: 'wait', ms: 5 }],
  ['gate: go', { kind: 'gate', name: 'go' }],
  ['quiet: go', { kind: 'quiet', name: 'go' }],
  ['tool: ask {"q":1}', { kind: 'tool', name: 'ask', values: { q: 1 } }],
  ['fail: http 503 x2', { kind: 'fail-http', status: 503, times: 2 }],
  ['fail: other', { kind: 'fail-event', code: 'other', times: Infinity }],
  ['hang: body', { kind: 'hang', at: 'body' }],
  ['cut: after 3', { kind: 'cut', after: 3, times: Infinity }],
])('%s', ([text, directive]) => {
  expect(textToDirectives(text)).toEqual([directive])
})

it.for([
  'fix: the bug',
  'stream: fast',
  'tool: ask {"q":',
  'hang: on',
  'say reply: x',
  'fail: http',
])('%s is prose', (text) => {
  expect(textToDirectives(text)).toEqual([])
})
