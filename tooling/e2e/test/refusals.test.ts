// What is refused on a healthy daemon: exit status, error body on stderr, nothing on stdout.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewResult, WaitResult } from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, type CallOptions, makeWorld, type World } from '../src/world.ts'

let world: World
let busy: NewResult
beforeAll(async () => {
  world = await makeWorld()
  await world.dispatch(['new', '--name', 'idle', '--no-send'])
  await world.dispatch(['new', '--name', 'two words', '--no-send'])
  await world.dispatch(['new', '--name', 'two words', '--no-send'])
  await world.dispatch(['new', '--name', 'short-lived', '--no-send', '--ephemeral'])
  const made = await world.dispatch(['new', '--name', 'busy', '--text', 'gate: never'])
  busy = made.json() as NewResult
  await world.model.waitForGate('never')
})
afterAll(() => world[Symbol.asyncDispose]())

const expectRefused = (answer: Answer, exit: number, code: string): ReturnType<Answer['error']> => {
  const { stdout, stderr } = answer
  expect({ exit: answer.code, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({
    exit,
    stdout: '',
    lines: 1,
  })
  const error = answer.error()
  expect(error).toMatchObject({ code, retryable: expect.any(Boolean) as boolean })
  expect(error.message).toMatch(/\S/)
  expect(error.message).not.toMatch(/\bat .*\.ts:\d+|undefined|\[object/)
  return error
}

type Refusal = {
  what: string
  args: readonly string[]
  exit: number
  code: string
  message?: RegExp
  hint?: RegExp
}

const refusals: Refusal[] = [
  {
    what: 'a directory that is not there',
    args: ['new', '--name', 'x', '--no-send', '--cwd', './absent'],
    exit: 2,
    code: 'validation',
    message: /work\/absent/,
    hint: /--cwd/,
  },
  {
    what: 'a directory that is none',
    args: ['new', '--name', 'x', '--no-send', '--cwd', '/etc/passwd'],
    exit: 2,
    code: 'validation',
  },
  {
    what: 'an empty name',
    args: ['new', '--name', '', '--no-send'],
    exit: 2,
    code: 'validation',
  },
  {
    what: 'a name that is too long',
    args: ['new', '--name', 'n'.repeat(201), '--no-send'],
    exit: 2,
    code: 'validation',
    message: /200/,
  },
  {
    what: 'an unknown lane',
    args: ['send', 'nobody', 'hi'],
    exit: 4,
    code: 'not_found',
    hint: /list/,
  },
  { what: 'an unknown lane to read', args: ['tail', '@nobody'], exit: 4, code: 'not_found' },
  {
    what: 'an unknown lane to follow',
    args: ['watch', 'nobody', '--follow'],
    exit: 4,
    code: 'not_found',
  },
  { what: 'a busy lane', args: ['send', '@busy', 'hi'], exit: 5, code: 'lane_busy', hint: /\S/ },
  {
    what: 'to archive a busy lane',
    args: ['archive', '@busy', '--yes'],
    exit: 5,
    code: 'lane_busy',
  },
  { what: 'down while a turn runs', args: ['down'], exit: 5, code: 'lane_busy', hint: /--force/ },
  {
    what: 'to stop an idle lane',
    args: ['stop', '@idle'],
    exit: 2,
    code: 'validation',
    message: /no active turn/,
  },
  { what: 'to stop nothing', args: ['stop'], exit: 2, code: 'validation', hint: /--all/ },
  {
    what: 'to archive off a terminal without --yes',
    args: ['archive', '@idle'],
    exit: 2,
    code: 'usage',
    message: /--yes/,
  },
  { what: 'an empty message', args: ['send', '@idle', ''], exit: 2, code: 'validation' },
  { what: 'no message', args: ['send', '@idle'], exit: 2, code: 'usage', message: /--input-file/ },
  {
    what: 'a message file that is not there',
    args: ['send', '@idle', '--input-file', 'absent.md'],
    exit: 2,
    code: 'validation',
    message: /absent\.md/,
  },
  {
    what: 'an unknown command',
    args: ['lisst'],
    exit: 2,
    code: 'usage',
    hint: /Did you mean list/,
  },
  {
    what: 'an unknown flag',
    args: ['list', '--limt', '3'],
    exit: 2,
    code: 'usage',
    hint: /Did you mean --limit/,
  },
  { what: 'a limit of nothing', args: ['list', '--limit', '0'], exit: 2, code: 'validation' },
  { what: 'a limit that is no number', args: ['list', '--limit', 'x'], exit: 2, code: 'usage' },
  { what: 'an unknown status', args: ['list', '--status', 'sleepy'], exit: 2, code: 'usage' },
  {
    what: 'a cursor that is none',
    args: ['watch', '--follow', '--after', 'yesterday'],
    exit: 2,
    code: 'validation',
  },
  {
    what: 'to wait for a message that is not sent',
    args: ['new', '--name', 'x', '--no-send', '--wait'],
    exit: 2,
    code: 'validation',
  },
  {
    what: 'to rename to a taken handle',
    args: ['rename', '@idle', 'busy'],
    exit: 2,
    code: 'validation',
    message: /@busy/,
  },
  {
    what: 'to archive an ephemeral lane',
    args: ['archive', '@short-lived', '--yes'],
    exit: 2,
    code: 'validation',
    message: /ephemeral/,
  },
  {
    what: 'to rename an ephemeral lane',
    args: ['rename', '@short-lived', 'other'],
    exit: 2,
    code: 'validation',
    message: /ephemeral/,
  },
  { what: 'the schema of no command', args: ['schema', 'fly'], exit: 4, code: 'not_found' },
]

test.for(refusals)('$what', async ({ args, exit, code, message, hint }) => {
  const error = expectRefused(await world.dispatch(args), exit, code)
  if (message) expect(error.message).toMatch(message)
  if (hint) expect(error.hint).toMatch(hint)
})

test('a title of two lanes, with both as candidates', async () => {
  const error = expectRefused(
    await world.dispatch(['send', '[work] two words', 'hi']),
    2,
    'validation',
  )
  expect(error.details).toMatchObject({
    selector: '[work] two words',
    candidates: [
      { handle: '@two-words-2', title: '[work] two words' },
      { handle: '@two-words', title: '[work] two words' },
    ],
  })
  expect(error.hint).toContain('@two-words-2')
})

test('a message of 10 MB, whichever way it comes', async () => {
  const huge = 'x'.repeat(10 * 1024 * 1024)
  const file = join(world.work, 'huge.txt')
  await writeFile(file, huge)
  const ways: { args: string[]; options?: CallOptions }[] = [
    { args: ['send', '@idle', '--input-file', 'huge.txt'] },
    { args: ['send', '@idle', '--input-file', '-'], options: { input: huge } },
    { args: ['send', '@idle', '-'], options: { input: huge } },
    { args: ['new', '--name', 'x', '--input-file', file] },
  ]
  for (const { args, options } of ways) {
    const error = expectRefused(await world.dispatch(args, options), 2, 'validation')
    expect(error.message).toMatch(/too (?:big|long)|\d/)
  }
  // Within four bytes a character the daemon counts: one character more than Codex takes.
  const over = { input: 'x'.repeat(1_048_577) }
  const error = expectRefused(
    await world.dispatch(['send', '@idle', '--input-file', '-'], over),
    2,
    'validation',
  )
  expect(error.message).toMatch(/1,?048,?576/)
  expect((await world.dispatch(['tail', '@idle'])).json()).toMatchObject({ items: [] })
})

test('a message of exactly as much as Codex takes is taken', async () => {
  const text = `${'🚀'.repeat(1_048_575 - 12)}\nreply: taken`
  const made = await world.dispatch(['new', '--name', 'big', '--input-file', '-', '--wait'], {
    input: text,
  })
  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(made.json()).toMatchObject({ lastMessage: 'taken', delivery: { textLength: 1_048_576 } })
})

test('a message that is not UTF-8', async () => {
  await writeFile(join(world.work, 'latin1.txt'), Buffer.from([0x68, 0xe9, 0x21]))
  const answer = await world.dispatch(['send', '@idle', '--input-file', 'latin1.txt'])
  expect(expectRefused(answer, 2, 'validation').message).toMatch(/UTF-8/)
})

test('wait --timeout 0 on a busy lane answers and exits 3', async () => {
  const answer = await world.dispatch(['wait', '@busy', '--timeout', '0'])
  expect(answer.code).toBe(3)
  expect(answer.json() as WaitResult).toMatchObject({
    met: false,
    lanes: [{ id: busy.id, outcome: 'running', met: false }],
  })
  expect(answer.error()).toMatchObject({ code: 'timeout', retryable: true })
})

test('wait --timeout 0 on an idle lane is met', async () => {
  const answer = await world.dispatch(['wait', '@idle', '--timeout', '0'])
  expect(answer).toMatchObject({ code: 0, stderr: '' })
  expect(answer.json()).toMatchObject({ met: true })
})

test('send --wait whose turn fails: the answer on stdout, the error on stderr, exit 10', async () => {
  await world.dispatch(['new', '--name', 'fails', '--no-send'])
  const answer = await world.dispatch(['send', '@fails', 'fail: http 400', '--wait'])
  expect(answer.code).toBe(10)
  expect(answer.json()).toMatchObject({
    handle: '@fails',
    status: 'error',
    delivery: { state: 'accepted', outcome: 'failed' },
    turn: { status: 'failed', error: { message: expect.any(String) as string } },
    error: { code: 'turn_failed' },
  })
  expect(answer.error()).toMatchObject({ code: 'turn_failed', hint: expect.any(String) as string })
})

test('send --wait out of time: exit 3, and the turn goes on', async () => {
  await world.dispatch(['new', '--name', 'slow', '--no-send'])
  const args = ['send', '@slow', 'gate: later\nreply: late', '--wait', '--timeout', '0']
  const answer = await world.dispatch(args)
  expect(answer.code).toBe(3)
  expect(answer.json()).toMatchObject({ handle: '@slow', error: { code: 'timeout' } })
  world.model.open('later')
  const waited = await world.dispatch(['wait', '@slow'])
  expect(waited).toMatchObject({ code: 0 })
  expect(waited.json()).toMatchObject({ lanes: [{ lastMessage: 'late' }] })
})

test('errors are text where text is asked for', async () => {
  const { code, stdout, stderr } = await world.dispatch(['get', 'nobody', '--output', 'text'])
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
  expect(stderr).toBe('dispatch: No lane is called "nobody".\nhint: dispatch list\n')
})
