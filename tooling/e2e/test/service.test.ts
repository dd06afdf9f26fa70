// service install as a person sees it: in a terminal, the file before the question; and what systemd would
// make of the unit.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { ServiceInstallResult } from '@dispatch/contract'
import { follow } from '../src/spawn.ts'
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

// What is in quotes, as systemd reads it.
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) =>
    word.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%').replaceAll('$$', '$'),
  )

test.runIf(process.platform === 'linux')(
  'the unit says all that the daemon needs; ended by itself, it leaves Codex at work',
  async () => {
    await using world = await makeWorld()
    const planned = (await world.dispatch(['service', 'install', '--dry-run'])).json()
    const lines = (planned as ServiceInstallResult).content?.split('\n') ?? []
    const settings = (name: string): string[] =>
      lines.flatMap((line) => (line.startsWith(`${name}=`) ? wordsOf(line) : []))
    const [command = '', ...args] = settings('ExecStart')
    const env = Object.fromEntries(
      settings('Environment').map((one) => [
        one.slice(0, one.indexOf('=')),
        one.slice(one.indexOf('=') + 1),
      ]),
    )
    // Beside that a user unit is given little more than HOME.
    await using unit = follow({ command, args, env: { HOME: world.root, ...env }, cwd: world.root })
    await vi.waitUntil(() => existsSync(join(world.home, 'dispatchd.sock')), 60_000)
    const made = await world.dispatch(['new', '--name', 'a', '--text', 'gate: open\nreply: Done.'])
    expect(made.json()).toMatchObject({ messageAccepted: true })
    const before = await world.status()
    expect(before.pid).toBe(unit.pid)
    unit.signal('SIGTERM')
    expect(await unit.ended).toBe(0)
    world.model.open('open')
    const waited = await world.dispatch(['wait', '@a'])
    expect(waited.json()).toMatchObject({ lanes: [{ outcome: 'completed', lastMessage: 'Done.' }] })
    expect((await world.status()).codex.pid).toBe(before.codex.pid)
  },
)
