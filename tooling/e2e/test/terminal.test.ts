// The main job as a person sees it: in a real pseudo-terminal.
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Terminal } from '../src/terminal.ts'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await world.dispatch(['new', '--name', 'docs', '--text', 'reply: Hello.', '--wait'])
})
afterAll(() => world[Symbol.asyncDispose]())

// What stands there at the end: of a line that was written over only what was written last.
const screenOf = (terminal: Terminal): string =>
  stripVTControlCharacters(terminal.written())
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1).trimEnd())
    .join('\n')

const shown = async (args: readonly string[], env: Record<string, string> = {}) => {
  await using terminal = world.terminal(args, { env })
  const code = await terminal.ended
  return { code, raw: terminal.written(), screen: screenOf(terminal) }
}

test('send --wait prints the final message alone', async () => {
  const { code, screen } = await shown(['send', '@docs', 'reply: One.\nTwo.', '--wait'])
  expect({ code, screen }).toEqual({ code: 0, screen: 'One.\nTwo.\n' })
})

test('list is a table with colours, without where NO_COLOR or --no-color says so', async () => {
  const { raw, screen } = await shown(['list'])
  const [head, row] = screen.split('\n')
  expect(head).toMatch(/^REF +HANDLE +STATUS +LAST TURN +UPDATED +CWD$/)
  expect(row).toMatch(/^\w{6} +@docs +idle +completed +\S.* \//)
  expect(head?.indexOf('STATUS')).toBe(row?.indexOf('idle'))
  expect(raw).toContain('\u001b[')
  expect((await shown(['list'], { NO_COLOR: '1' })).raw).not.toContain('\u001b[3')
  expect((await shown(['list', '--no-color'])).raw).not.toContain('\u001b[3')
})

test('--json prints JSON in a terminal too', async () => {
  const { screen } = await shown(['list', '--json'])
  expect(JSON.parse(screen)).toMatchObject({ lanes: [{ handle: '@docs' }] })
})

test('tail shows each item with its text', async () => {
  const { screen } = await shown(['tail', '@docs', '--limit', '2'])
  expect(screen).toMatch(
    /^userMessage .*\n {2}reply: One\.\n {2}Two\.\nagentMessage .*\n {2}One\.\n/,
  )
})

test('an error is a sentence and a hint, and nothing else', async () => {
  const { code, screen } = await shown(['send', 'nobody', 'hi'])
  expect({ code, screen }).toEqual({
    code: 4,
    screen: 'dispatch: No lane is called "nobody".\nhint: dispatch list\n',
  })
})

test('watch --follow streams the text of one lane until Ctrl-C, which is no failure of the lane', async () => {
  await using watch = world.terminal(['watch', '@docs', '--follow', '--after', '0'])
  await watch.shows('turn.completed')
  const sending = world.dispatch(['send', '@docs', 'gate: half\nreply: end', '--wait'])
  await world.model.waitForGate('half')
  await watch.shows('busy')
  watch.type('\u0003')
  expect(await watch.ended).toBe(130)
  world.model.open('half')
  expect((await sending).json()).toMatchObject({ error: null })
})

test('what destroys is asked for: no by default, done on y', async () => {
  await world.dispatch(['new', '--name', 'old', '--no-send'])
  await using first = world.terminal(['archive', '@old'])
  await first.shows('Go on? [y/N]')
  first.type('\r')
  expect(await first.ended).toBe(1)
  expect(first.written()).toContain('nothing was done')
  await using second = world.terminal(['archive', '@old'])
  await second.shows('Go on? [y/N]')
  second.type('y\r')
  expect(await second.ended).toBe(0)
  const { stdout } = await world.dispatch(['list', '--include-archived'])
  expect(JSON.parse(stdout)).toMatchObject({ lanes: [{ handle: '@old', status: 'archived' }, {}] })
})

test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('no escape sequence with %o', async (env) => {
  const commands = [
    ['list'],
    ['get', '@docs'],
    ['send', '@docs', 'wait: 1500ms\nreply: Late.', '--wait'],
    ['get', '@nobody'],
  ]
  for (const command of commands) expect((await shown(command, env)).raw).not.toContain(escape)
})

const escape = '\u001b'
const hostile = 'red \u001b[31m bell \u0007 title \u001b]0;owned\u0007 c1 \u009b2J bidi \u202e end'

test('nothing that a name or a model says acts on the terminal', async () => {
  await world.dispatch(['new', '--name', '日本 🚀 lane', '--no-send'])
  const wide = await shown(['list'])
  const rows = wide.screen.split('\n')
  expect(rows.find((row) => row.includes('🚀'))).toContain('@日本-🚀-lane')
  await world.dispatch(['send', '@docs', `reply: ${hostile}`, '--wait'])
  const commands = [
    ['tail', '@docs', '--limit', '2'],
    ['wait', '@docs'],
    ['get', '@docs', '--include-transcript'],
    ['send', '@docs', `reply: ${hostile}`, '--wait'],
  ]
  for (const command of commands) {
    const { raw, screen } = await shown(command, { NO_COLOR: '1' })
    expect(screen).toContain('owned')
    for (const character of [escape, '\u0007', '\u009b', '\u202e']) {
      expect(raw).not.toContain(character)
    }
  }
})
