import { configFileSchema } from '@dispatch/contract'
import { describe, expect, test } from 'vitest'
import { realTables } from '../testing/fake-reach.ts'
import { readSchema } from './schema.ts'

describe('schema', () => {
  test.each([
    [['send'], 'send'],
    [['daemon', 'status'], 'daemon.status'],
    [['daemon status'], 'daemon.status'],
    [['daemon.status'], 'daemon.status'],
    [['watch', '--follow'], 'watchFollow'],
    [['watch --follow'], 'watchFollow'],
    [['list --unmanaged'], 'listUnmanaged'],
    [['goal set'], 'goal.set'],
    [['run'], 'run'],
  ])('%j is %s', (command, op) => {
    const found = readSchema({ command }, realTables)
    expect(found).toMatchObject({ op, input: { type: 'object' } })
  })

  test('--all: every command, the version, the error codes', () => {
    const all = readSchema({ all: true }, realTables) as { commands: { command: string }[] }
    expect(all).toMatchObject({ version: '1.2.3', contract: realTables.contract })
    const spelled = all.commands.map(({ command }) => command)
    expect(spelled.sort()).toEqual(
      realTables.commands
        .flatMap(({ words, follow, variant }) => [
          words.join(' '),
          ...(follow ? [`${words.join(' ')} --follow`] : []),
          ...(variant ? [`${words.join(' ')} --${variant.flag}`] : []),
        ])
        .sort(),
    )
  })

  test('--config: the JSON Schema of the configuration file', () => {
    expect(readSchema({ config: true }, realTables)).toEqual(configFileSchema())
  })

  test('--tools: the tools of MCP, all of them or one by its name', () => {
    const all = readSchema({ tools: 'each' }, realTables) as { tools: { name: string }[] }
    expect(all).toMatchObject({ version: '1.2.3' })
    expect(all.tools.length).toBeGreaterThan(40)
    for (const name of ['dispatch_send', 'dispatch_thread_write']) {
      expect(readSchema({ command: [name] }, realTables)).toMatchObject({
        tools: [{ name, inputSchema: { type: 'object' }, annotations: { readOnlyHint: false } }],
      })
    }
  })

  test('an unknown command is not found, none is usage', () => {
    expect(() => readSchema({ command: ['nope'] }, realTables)).toThrow(
      expect.objectContaining({ code: 'not_found' }) as Error,
    )
    for (const input of [{}, { all: true, config: true }, { all: true, command: ['send'] }]) {
      expect(() => readSchema(input, realTables)).toThrow(
        expect.objectContaining({ code: 'usage' }) as Error,
      )
    }
  })
})
