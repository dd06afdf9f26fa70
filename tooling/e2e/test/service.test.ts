// service install as a person sees it: in a terminal, the file before the question.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ServiceInstallResult } from '@dispatch/contract'
import { makeWorld } from '../src/world.ts'

test('the file is shown before the question, and who declines gets none', async () => {
  await using world = await makeWorld({ codex: null })
  const planned = await world.dispatch(['service', 'install', '--dry-run'])
  const { path, content } = planned.json() as ServiceInstallResult
  const [mark = ''] = /Made by dispatch[^\n]*/.exec(content ?? '') ?? []
  const answered = async (key: string) => {
    await using terminal = world.terminal(['service', 'install'])
    await terminal.shows('[y/N]')
    const written = terminal.written()
    expect(written.indexOf(mark)).toBeGreaterThanOrEqual(0)
    expect(written.indexOf(mark)).toBeLessThan(written.indexOf('Go on?'))
    terminal.type(key)
    return await terminal.ended
  }
  expect([await answered('n\r'), existsSync(path)]).toEqual([1, false])
  expect([await answered('y\r'), existsSync(path)]).toEqual([0, true])
})
