import type { CodexStatus } from '@dispatch/contract'
import { describe, expect, test } from 'vitest'
import { laneToCommand } from './command.ts'

const codex: CodexStatus = {
  state: 'ready',
  connection: 'own',
  binary: '/bin/codex',
  version: '1',
  stale: false,
  pid: 1,
  socket: '/home/codex.sock',
  home: '/codex',
  error: null,
}
const lane = {
  id: 'id',
  ref: '0k7M4a',
  handle: '@docs',
  source: 'own' as const,
  status: 'idle' as const,
  ephemeral: false,
}

describe('the command that opens a lane', () => {
  test('joins an own lane, and resumes an attached one', () => {
    const own = ['/bin/codex', '--remote', 'unix:///home/codex.sock', 'resume', 'id']
    expect(laneToCommand(lane, codex)).toEqual(own)
    const attached = { ...lane, source: 'attached' as const }
    expect(laneToCommand(attached, { ...codex, connection: 'stdio' })).toEqual([
      '/bin/codex',
      'resume',
      'id',
    ])
  })

  test.each([
    [{ ephemeral: true }, {}, 'validation', 'ephemeral'],
    [{ status: 'archived' as const }, {}, 'validation', 'archived'],
    [{}, { connection: 'stdio' as const }, 'validation', 'nobody else'],
    [{}, { state: 'unavailable' as const, error: 'gone' }, 'app_server', 'gone'],
    [{}, { socket: null }, 'app_server', 'no socket'],
  ])('refuses %j %j', (partOfLane, partOfCodex, code, message) => {
    expect(() => laneToCommand({ ...lane, ...partOfLane }, { ...codex, ...partOfCodex })).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message) as string,
      }) as Error,
    )
  })
})
