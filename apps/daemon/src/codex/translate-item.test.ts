import type { protocol } from '@dispatch/codex-client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemToFact } from './translate-item.ts'

type Type = protocol.ThreadItem['type']

/** Items as they stand on the wire, and what is read of them. */
const samples: Record<Type, [item: Record<string, unknown>, text: string][]> = {
  userMessage: [
    [
      {
        clientId: 'cum-1',
        content: [
          { type: 'text', text: 'reply: hello', text_elements: [] },
          { type: 'localImage', path: '/a.png' },
        ],
      },
      'reply: hello\n[localImage]',
    ],
    [{ clientId: null, content: [] }, ''],
  ],
  hookPrompt: [[{ fragments: [{ text: 'a', hookRunId: 'h' }, { text: 'b' }] }, 'a\nb']],
  agentMessage: [[{ text: 'hello world', phase: null, memoryCitation: null }, 'hello world']],
  functionCallOutput: [
    [{ name: 'note', namespace: null, output: 'plain' }, 'note\nplain'],
    [
      { name: 'note', output: [{ type: 'inputText', text: 'x' }] },
      'note\n[{"type":"inputText","text":"x"}]',
    ],
  ],
  plan: [[{ text: '1. do' }, '1. do']],
  reasoning: [
    [{ summary: ['short'], content: ['long'] }, 'short'],
    [{ summary: [], content: ['long', 'er'] }, 'long\ner'],
  ],
  commandExecution: [
    [
      { command: 'ls', aggregatedOutput: 'a\nb\n', exitCode: 0, status: 'completed' },
      '$ ls\na\nb\n',
    ],
    [{ command: 'false', aggregatedOutput: null, exitCode: 1 }, '$ false\n[exit 1]'],
    [{ command: 'sleep 9', aggregatedOutput: null, exitCode: null }, '$ sleep 9'],
  ],
  fileChange: [
    [
      {
        changes: [
          { path: '/w/a', kind: { type: 'add' }, diff: '+a' },
          { path: '/w/b', kind: { type: 'update', move_path: null }, diff: '' },
        ],
      },
      'add /w/a\n+a\nupdate /w/b',
    ],
  ],
  mcpToolCall: [
    [
      {
        server: 's',
        tool: 't',
        arguments: { a: 1 },
        result: { content: [{ type: 'text', text: 'ok' }] },
        error: null,
      },
      's.t {"a":1}\nok',
    ],
    [{ server: 's', tool: 't', arguments: null, error: { message: 'no' } }, 's.t \nno'],
  ],
  dynamicToolCall: [
    [{ tool: 'd', arguments: {}, contentItems: [{ type: 'inputText', text: 'out' }] }, 'd {}\nout'],
    [{ tool: 'd', arguments: [1], contentItems: null }, 'd [1]'],
  ],
  collabAgentToolCall: [[{ tool: 'spawnAgent', prompt: 'help' }, 'spawnAgent\nhelp']],
  subAgentActivity: [[{ kind: 'started', agentPath: '/root/a' }, 'started\n/root/a']],
  webSearch: [[{ query: 'codex', action: null, results: null }, 'codex']],
  imageView: [[{ path: '/a.png' }, '/a.png']],
  sleep: [[{ durationMs: 1_500 }, '1500 ms']],
  imageGeneration: [
    [{ status: 'completed', revisedPrompt: 'a cat', savedPath: '/c.png' }, 'a cat\n/c.png'],
    [{ status: 'failed', revisedPrompt: null }, ''],
  ],
  enteredReviewMode: [[{ review: 'changes' }, 'changes']],
  exitedReviewMode: [[{ review: 'fine' }, 'fine']],
  contextCompaction: [[{}, 'The conversation was compacted.']],
}

const cases = Object.entries(samples).flatMap(([type, list]) =>
  list.map(([item, text]) => ({ type, item, text })),
)

describe('the text of an item', () => {
  it.each(cases)('$type: $text', ({ type, item, text }) => {
    expect(itemToFact({ ...item, type, id: 'i' })).toMatchObject({ id: 'i', type, text })
  })

  it('is what text there is, for a type that is not known', () => {
    const item = { type: 'brandNew', id: 'i', text: 'hi', status: 'done' }
    expect(itemToFact(item)).toMatchObject({ type: 'brandNew', text: 'hi', status: 'done' })
    expect(itemToFact({ type: 'toString', id: 'i' })).toMatchObject({ text: '' })
  })

  it('is bounded', () => {
    const text = itemToFact({ type: 'agentMessage', id: 'i', text: 'x'.repeat(70_000) })?.text ?? ''
    expect(text).toMatch(/x\n\[4464 characters more\]$/)
    expect(text.length).toBeLessThan(65_600)
  })

  it('is made of any nonsense without failing', () => {
    const type = fc.constantFrom(...Object.keys(samples))
    fc.assert(
      fc.property(
        type,
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        (name, rest, odd) => {
          const keys = samples[name as Type].flatMap(([item]) => Object.keys(item))
          const fields = Object.fromEntries(keys.map((key) => [key, odd]))
          const fact = itemToFact({ ...rest, ...fields, type: name, id: 'i' })
          expect(typeof fact?.text).toBe('string')
        },
      ),
      {
        examples: Object.keys(samples).map((name) => [name, {}, { toString: '' }] as never),
      },
    )
  })
})

describe('an item', () => {
  it('carries its sender id, status and times', () => {
    const item = { type: 'userMessage', id: 'i', clientId: 'c', content: [], startedAtMs: 1 }
    expect(itemToFact({ ...item, completedAtMs: 2, status: 'x' })).toEqual({
      id: 'i',
      type: 'userMessage',
      text: '',
      status: 'x',
      clientId: 'c',
      startedAt: 1,
      completedAt: 2,
    })
  })

  it.each([null, 7, 'x', [], {}, { type: 'plan' }, { id: 'i' }, { type: 1, id: 'i' }])(
    'is none: %j',
    (raw) => expect(itemToFact(raw)).toBeNull(),
  )
})
