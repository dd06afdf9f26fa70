// `dispatch top` as a person has it: in a real pseudo-terminal, on the real Codex with a simulated model.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openScreen, type Screen } from '../src/screen.ts'
import { makeWorld, type World } from '../src/world.ts'

const size = { columns: 100, rows: 24 }

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await world.dispatch(['new', '--name', 'docs', '--text', 'reply: Hello.', '--wait'])
})
afterAll(() => world[Symbol.asyncDispose]())

const openTop = async (env: Record<string, string> = {}): Promise<Screen> => {
  const screen = world.screen(['top'], size, { env })
  await screen.shows((text) => text.includes('@docs') && text.includes('ready'))
  return screen
}

const rowOf = (text: string, word: string): string =>
  text.split('\n').find((row) => row.includes(word)) ?? ''

const cursorIsBack = (screen: Screen): boolean => {
  const written = screen.written()
  return written.lastIndexOf('\u001b[?25h') > written.lastIndexOf('\u001b[?25l')
}

// What a person finds in the terminal after it.
const isGivenBack = (screen: Screen): void => {
  expect(screen.isAlternate()).toBe(false)
  expect(cursorIsBack(screen)).toBe(true)
  expect(screen.rows().join('')).not.toContain('dispatch top  ')
}

describe('top', () => {
  test('shows lanes as they change, and gives the terminal back on q', async () => {
    await using top = await openTop()
    expect(top.isAlternate()).toBe(true)
    const sending = world.dispatch(['send', '@docs', 'gate: one\nreply: end', '--wait'])
    await top.shows((text) => rowOf(text, '@docs').includes('busy'))
    world.model.open('one')
    await sending
    await top.shows((text) => rowOf(text, '@docs').includes('completed'))
    await world.dispatch(['new', '--name', '日本 🚀 lane', '--no-send'])
    await top.shows((text) => text.includes('@日本-🚀-lane'))
    await world.dispatch(['archive', '@日本-🚀-lane', '--yes'])
    await top.shows((text) => !text.includes('🚀'))
    top.type('q')
    expect(await top.ended).toBe(0)
    isGivenBack(top)
  })

  test('sends, follows what streams, and stops after a yes', async () => {
    await using top = await openTop()
    top.type('/docs\r\r')
    await top.shows((text) => text.includes('Hello.'))
    top.type('sgate: two\r')
    await top.shows((text) => text.includes('is accepted'))
    await world.model.waitForGate('two')
    top.type('x')
    await top.shows((text) => text.includes('Stop the turn of @docs? y yes, n no'))
    top.type('n')
    await top.shows((text) => text.includes('Nothing was done.'))
    top.type('xy')
    await top.shows((text) => text.includes('@docs is stopped.') && text.includes('interrupted'))
    world.model.open('two')
    top.type('\u0003')
    expect(await top.ended).toBe(0)
    isGivenBack(top)
  })

  test('shows what Codex asks, and answers it', async () => {
    const asking = ['--sandbox', 'read-only', '--approval-policy', 'on-request']
    const text = 'shell-escalated: true && echo done'
    await world.dispatch(['new', '--name', 'ask', ...asking, '--text', text])
    await using top = await openTop()
    await top.shows((shown) => rowOf(shown, '@ask').includes('waiting_approval'))
    top.type('a')
    await top.shows((shown) => shown.includes('true && echo done') && shown.includes('command'))
    top.type('ay')
    await top.shows((shown) => shown.includes('Approved for @ask.'))
    await top.shows((shown) => shown.includes('Codex asks nothing.'))
    const { stdout } = await world.dispatch(['wait', '@ask'])
    expect(JSON.parse(stdout)).toMatchObject({ lanes: [{ outcome: 'completed' }] })
    await world.dispatch(['archive', '@ask', '--yes'])
  })

  test('follows the terminal when it is resized, down to what is too small', async () => {
    await using top = await openTop()
    top.resize({ columns: 200, rows: 50 })
    await top.shows((text) => text.includes('MODEL') && rowOf(text, 'quit').startsWith('Enter'))
    expect(top.rows()).toHaveLength(50)
    top.resize({ columns: 30, rows: 8 })
    await top.shows((text) => text.includes('here are 30 and 8.'))
    top.resize({ columns: 80, rows: 24 })
    await top.shows((text) => text.includes('STATUS') && text.includes('? help'))
    expect(top.rows().filter((row) => row.includes('@docs'))).toHaveLength(1)
  })

  test('says that the daemon is gone, and goes on when it is there again', async () => {
    await using top = await openTop()
    await world.killDaemon()
    await top.shows((text) => text.includes('The daemon is gone.'))
    await world.dispatch(['new', '--name', 'later', '--no-send'])
    const back = await top.shows((text) => text.includes('@later'))
    expect(back).not.toContain('The daemon is gone.')
    await world.dispatch(['archive', '@later', '--yes'])
  })

  test('shows no colours where NO_COLOR says so', async () => {
    await using top = await openTop({ NO_COLOR: '1' })
    // Bold, dim, inverse, and every colour.
    for (const style of ['1m', '2m', '7m', '3']) {
      expect(top.written()).not.toContain(`\u001b[${style}`)
    }
    expect(top.rows().some((row) => row.startsWith('▸ '))).toBe(true)
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s gives the terminal back',
    async (name) => {
      await using top = await openTop()
      top.signal(name)
      expect(await top.ended).toBe(130)
      isGivenBack(top)
    },
  )

  test('so does a fault', async () => {
    const fault = 'process.on("SIGUSR2", () => { throw new Error("a fault") })'
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fault)}`
    await using top = await openTop({ NODE_OPTIONS })
    top.signal('SIGUSR2')
    expect(await top.ended).not.toBe(0)
    expect(top.isAlternate()).toBe(false)
    expect(cursorIsBack(top)).toBe(true)
    expect(top.rows().join('\n')).toContain('a fault')
  })

  // What runs in front of a shell is the leader of its group, which the terminal knows.
  const inFront = (shell: Screen): number =>
    Number(
      readFileSync(`/proc/${shell.pid}/stat`, 'latin1')
        .replace(/^.*\) /, '')
        .split(' ')[5],
    )

  test.each([
    ['Ctrl-Z', (screen: Screen) => screen.type('\u001a')],
    ['a SIGTSTP of another process', (screen: Screen) => process.kill(inFront(screen), 'SIGTSTP')],
  ])('%s suspends it, and fg brings it back', async (_name, suspend) => {
    const { env, ...bash } = world.script('')
    const shell = {
      ...bash,
      env: { ...env, PS1: 'ready> ' },
      args: '--noprofile --norc -i'.split(' '),
    }
    await using screen = openScreen(shell, size)
    const atPrompt = (text: string): boolean => text.trimEnd().endsWith('ready>')
    await screen.shows(atPrompt)
    screen.type('dispatch top\r')
    await screen.shows((text) => text.includes('@docs') && text.includes('ready'))
    suspend(screen)
    await screen.shows((text) => text.includes('Stopped') && atPrompt(text))
    expect(screen.isAlternate()).toBe(false)
    expect(cursorIsBack(screen)).toBe(true)
    screen.type('fg\r')
    await screen.shows((text) => text.includes('@docs') && text.includes('? help'))
    expect(screen.isAlternate()).toBe(true)
    // Once more: what heeds the signal is there again.
    suspend(screen)
    await screen.shows((text) => text.split('Stopped').length > 2 && atPrompt(text))
    screen.type('fg\r')
    await screen.shows((text) => text.includes('@docs') && text.includes('? help'))
    screen.type('q')
    await screen.shows((text) => text.includes('Stopped') && atPrompt(text))
    screen.type('exit\r')
    expect(await screen.ended).toBe(0)
  })

  test('off a terminal it is refused, with what there is in its place', async () => {
    const { code, stderr, stdout } = await world.dispatch(['top'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'usage', hint: 'dispatch list --json, or dispatch watch --follow' },
    })
  })
})
