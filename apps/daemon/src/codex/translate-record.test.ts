import { describe, expect, it } from 'vitest'
import { itemToFact } from './translate-item.ts'
import { itemToFiles, itemToTool } from './translate-mentions.ts'
import { recordToItem } from './translate-record.ts'

const recorded = (item: Record<string, unknown>) =>
  recordToItem(
    { type: 'item_completed', turn_id: 'U', item, started_at_ms: 1, completed_at_ms: 2 },
    'line-0',
  )

const pairs: [string, Record<string, unknown>, Record<string, unknown>][] = [
  [
    'a message of the user',
    { type: 'UserMessage', id: 'a', client_id: 'c', content: [{ type: 'text', text: 'hi' }] },
    { type: 'userMessage', id: 'a', clientId: 'c', content: [{ type: 'text', text: 'hi' }] },
  ],
  [
    'a message of the agent',
    { type: 'AgentMessage', id: 'a', content: [{ type: 'Text', text: 'ho' }] },
    { type: 'agentMessage', id: 'a', text: 'ho' },
  ],
  [
    'reasoning',
    { type: 'Reasoning', id: 'a', summary_text: ['why'], raw_content: [] },
    { type: 'reasoning', id: 'a', summary: ['why'], content: [] },
  ],
  [
    'a command',
    {
      type: 'CommandExecution',
      id: 'a',
      command: ['/bin/bash', '-lc', "echo 'it'"],
      status: 'failed',
      aggregated_output: 'out\n',
      exit_code: 2,
    },
    {
      type: 'commandExecution',
      id: 'a',
      command: `/bin/bash -lc 'echo '"'"'it'"'"''`,
      status: 'failed',
      aggregatedOutput: 'out\n',
      exitCode: 2,
    },
  ],
  [
    'a change of files',
    {
      type: 'FileChange',
      id: 'a',
      status: 'completed',
      changes: {
        '/w/a': { type: 'add', content: 'x\n' },
        '/w/b': { type: 'update', unified_diff: '@@\n-x', move_path: null },
      },
    },
    {
      type: 'fileChange',
      id: 'a',
      status: 'completed',
      changes: [
        { path: '/w/a', kind: { type: 'add' }, diff: 'x\n' },
        { path: '/w/b', kind: { type: 'update', move_path: null }, diff: '@@\n-x' },
      ],
    },
  ],
  [
    'a call of a tool',
    {
      type: 'McpToolCall',
      id: 'a',
      server: 'git',
      tool: 'log',
      arguments: { n: 1 },
      status: 'completed',
      result: { content: [{ type: 'text', text: 'done' }] },
    },
    {
      type: 'mcpToolCall',
      id: 'a',
      server: 'git',
      tool: 'log',
      arguments: { n: 1 },
      status: 'completed',
      result: { content: [{ type: 'text', text: 'done' }] },
    },
  ],
]

describe('items of a rollout file', () => {
  it.each(pairs)('%s is what the protocol tells of it', (_name, record, item) => {
    expect(recorded(record)).toEqual({
      turnId: 'U',
      item: itemToFact({ ...item, startedAtMs: 1, completedAtMs: 2 }),
    })
  })

  it('has messages of older threads, by their place', () => {
    expect(recordToItem({ type: 'user_message', message: 'hi' }, 'line-7')).toMatchObject({
      turnId: null,
      item: { id: 'line-7', type: 'userMessage', text: 'hi' },
    })
    expect(recordToItem({ type: 'agent_message', message: 'ho' }, 'line-8')).toMatchObject({
      item: { id: 'line-8', type: 'agentMessage', text: 'ho' },
    })
    expect(recordToItem({ type: 'task_started', turn_id: 'U' }, '')).toEqual({
      turnId: 'U',
      item: null,
    })
  })

  it.each([
    null,
    [],
    'x',
    {},
    { type: 'item_completed' },
    { type: 'item_completed', item: 3 },
    { type: 'item_completed', item: { type: 4, changes: 5 } },
    { type: 'user_message', message: 7 },
  ])('takes nothing of %j', (payload) => expect(recordToItem(payload, '')).toBeNull())
})

describe('what an item names', () => {
  it('knows tools and files by its text', () => {
    const of = (item: Record<string, unknown>) => {
      const fact = recorded(item)?.item
      return fact && [itemToTool(fact), itemToFiles(fact)]
    }
    const items = pairs.map(([, item]) => item)
    expect(items.map(of)).toEqual([
      [null, []],
      [null, []],
      [null, []],
      ['shell', []],
      ['apply_patch', ['/w/a', '/w/b']],
      ['git.log', []],
    ])
  })
})
