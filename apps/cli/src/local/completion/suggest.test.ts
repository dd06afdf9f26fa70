import { describe, expect, test } from 'vitest'
import { realTables } from '../../testing/fake-reach.ts'
import { suggest } from './suggest.ts'

const lanes = async () => [
  { value: '@docs', description: 'idle' },
  { value: '@fix', description: 'busy' },
]
const values = async (...words: string[]) => {
  const { found, files } = await suggest(realTables.commands, words, lanes)
  return [...found.map(({ value }) => value), ...(files ? [':files'] : [])]
}

describe('suggestions', () => {
  test('commands, and the words of a group', async () => {
    const some = ['rename', 'restore', 'restart']
    expect(await values('re')).toEqual(expect.arrayContaining(some))
    expect(await values('rest')).toEqual(['restore', 'restart'])
    expect(await values('daemon', '')).toEqual(['status', 'log', 'logs'])
  })

  test('flags of the command and of every command', async () => {
    expect(await values('wait', '--a')).toEqual(['--any'])
    expect(await values('watch', '--f')).toEqual(['--follow'])
    expect(await values('new', '--no-')).toEqual([
      '--no-ephemeral',
      '--no-send',
      '--no-color',
      '--no-interactive',
    ])
  })

  test('choices of a flag, of a positional, of a list', async () => {
    expect(await values('list', '--status', 'b')).toEqual(['busy'])
    expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(await values('watch', '--follow', '--type', 'codex.')).toEqual([
      'codex.started',
      'codex.lost',
      'codex.joined',
    ])
    expect(await values('list', '--output', '')).toEqual(['json', 'text'])
  })

  test('lanes where a selector stands', async () => {
    expect(await values('send', '')).toEqual(['@docs', '@fix'])
    expect(await values('wait', '@docs', '@f')).toEqual(['@fix'])
    expect(await values('daemon', 'log', '--limit', '3', '--lane', '')).toEqual(['@docs', '@fix'])
    expect(await values('send', '@docs', '')).toEqual([])
    expect(await values('send', '--to', '@f')).toEqual(['@fix'])
    expect(await values('send', '--to', '@docs', '')).toEqual([])
  })

  test('files and directories', async () => {
    expect(await values('send', '@docs', '--input-file', '')).toEqual([':files'])
    expect(await values('new', '--cwd', '')).toEqual([':files'])
  })

  test('a value that was typed before is no operand', async () => {
    expect(await values('send', '--model', 'x', '')).toEqual(['@docs', '@fix'])
  })
})
