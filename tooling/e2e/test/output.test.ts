// What other programs get: lines of JSON, quiet ends of pipes, schemas, completion, logs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditResult, ListResult, LogsResult, NewResult, TailResult } from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventOf, eventsOf } from '../src/events.ts'
import { makeWorld, type World } from '../src/world.ts'

const secret = 'the-launch-code-is-7391'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await world.dispatch(['new', '--name', 'docs', '--text', `reply: ${secret}`, '--wait'])
})
afterAll(() => world[Symbol.asyncDispose]())

test('a stream is one JSON object a line, and nothing on stderr', async () => {
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await eventOf(watch, ({ type }) => type === 'turn.completed')
  for (const event of eventsOf(watch)) {
    expect(Object.keys(event)).toEqual(['cursor', 'at', 'lane', 'type', 'data'])
  }
  expect(watch.errors()).toBe('')
})

test('watch --type and a lane filter the stream', async () => {
  const filters = ['@docs', '--type', 'turn.completed', '--type', 'lane.created']
  await using watch = world.follow(['watch', '--follow', '--after', '0', ...filters])
  await eventOf(watch, ({ type }) => type === 'turn.completed')
  expect(eventsOf(watch).map(({ type }) => type)).toEqual(['lane.created', 'turn.completed'])
})

// Turns, one after the other, until that has ended.
const turnsUntil = async <T>(ending: Promise<T>): Promise<T> => {
  const over = ending.then(() => true)
  const turn = () => world.dispatch(['send', '@docs', 'reply: hi', '--wait']).then(() => false)
  while (!(await Promise.race([over, turn()])));
  return ending
}

test('watch without --follow is a bounded sample of what the App Server says', async () => {
  const sample = ['watch', '@docs', '--limit', '2', '--timeout', '60']
  expect((await turnsUntil(world.dispatch(sample))).json()).toMatchObject({
    lanes: [{ handle: '@docs' }],
    events: [{ method: expect.any(String) as string }, { method: expect.any(String) as string }],
    timedOut: false,
  })
})

const statuses = 'echo "${PIPESTATUS[*]}" >&2'

test.for(['schema --all | head -c 10', 'list --output text | head -1'])(
  'a reader that leaves ends the command quietly: %s',
  async (command) => {
    const { stdout, stderr, code } = await world.bash(`dispatch ${command}; ${statuses}`)
    expect({ stderr, code }).toEqual({ stderr: '0 0\n', code: 0 })
    expect(stdout.length).toBeGreaterThan(5)
  },
)

// Linux tells of a pipe without a reader at once; elsewhere the next event does.
test.for(['watch --follow --after 0', 'tail @docs --follow', 'daemon logs --follow'])(
  'a reader that leaves ends the follower, and not at its next event: %s',
  async (command) => {
    const piped = world.bash(`dispatch ${command} | head -1; ${statuses}`)
    const ended = process.platform === 'linux' ? piped : turnsUntil(piped)
    const { stdout, stderr, code } = await ended
    expect({ stderr, code }).toEqual({ stderr: '0 0\n', code: 0 })
    expect(JSON.parse(stdout)).toMatchObject({})
  },
)

test('a follower goes on for a reader that is there', async () => {
  const followed = 'dispatch watch --follow --after 0 --type turn.completed --type lane.renamed'
  const script = `${followed} | (head -1; dispatch rename @docs docs-2 >&2; head -1)`
  const { stdout, code } = await world.bash(script)
  expect(code).toBe(0)
  expect(stdout).not.toBe('')
  expect((await world.dispatch(['rename', '@docs-2', 'docs'])).code).toBe(0)
})

test('names and titles of any script come back as they went in, and find their lane', async () => {
  for (const name of ['日本語 レーン', 'emoji 🚀👩‍👩‍👧 ok', 'naïve “quotes” & $HOME', '-dash --flag']) {
    const made = await world.dispatch(['new', `--name=${name}`, '--no-send'])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const { title, handle, ref } = made.json() as NewResult
    expect(title).toBe(`[work] ${name}`)
    const got = await world.dispatch(['get', handle])
    expect(got.json()).toMatchObject({ ref, title })
    expect((await world.dispatch(['get', '--', name])).json()).toMatchObject({ ref })
  }
})

test('text of any kind reaches the model and comes back unchanged', async () => {
  const text = 'tab\t, emoji 👩‍👩‍👧, escape \u001b[31m, nul-free, \u202eright, “quotes”, 日本'
  const answer = await world.dispatch(['send', '@docs', '--input-file', '-', '--wait'], {
    input: `reply: ${text}`,
  })
  expect(answer.json()).toMatchObject({ lastMessage: text })
  // In JSON no control character is raw, whoever reads it.
  expect(answer.stdout).not.toContain('\u001b')
  const { items } = (await world.dispatch(['tail', '@docs', '--limit', '2'])).json() as TailResult
  expect(items.map((item) => item.text)).toEqual([`reply: ${text}`, text])
})

test('text output off a terminal has no colour and no escape sequence of a model', async () => {
  await world.dispatch(['send', '@docs', 'reply: \u001b]0;owned\u0007 \u009b2J', '--wait'])
  const tail = await world.dispatch(['tail', '@docs', '--output', 'text', '--limit', '1'])
  expect(tail.stdout).toContain('owned')
  expect(tail.stdout).not.toMatch(/[^\P{Cc}\n\t]/u)
  const piped = await world.bash('dispatch last @docs --output text | cat')
  expect(piped.stdout).toBe('␛]0;owned␇ \\u009b2J\n')
  // A file has what was said.
  await world.bash('dispatch last @docs --output text > said.txt')
  expect(readFileSync(join(world.work, 'said.txt'), 'utf8')).toBe('\u001b]0;owned\u0007 \u009b2J\n')
})

test('schema prints the schemas of a command, and of all', async () => {
  const one = (await world.dispatch(['schema', 'watch', '--follow'])).json()
  expect(one).toMatchObject({ command: 'watch --follow', op: 'watchFollow', kind: 'subscription' })
  const all = (await world.dispatch(['schema', '--all'])).json() as {
    version: string
    errors: { code: string; exit: number }[]
    commands: { command: string; input: object; output: object }[]
  }
  const commands = all.commands.map(({ command }) => command)
  expect(commands).toEqual(expect.arrayContaining(['new', 'send', 'tail --follow', 'daemon log']))
  expect(commands).not.toContain('daemon shutdown')
  expect(all.errors).toContainEqual({ code: 'turn_failed', exit: 10, retryable: false })
  const { version } = await world.status()
  expect(all.version).toBe(version)
  expect((await world.dispatch(['--version'])).stdout).toContain(version)
})

test('every command has help, and dispatch alone is help', async () => {
  const alone = await world.dispatch([])
  expect(alone).toMatchObject({ code: 0, stderr: '' })
  for (const command of ['new', 'list', 'send', 'watch', 'tail', 'stop', 'up', 'down']) {
    expect(alone.stdout).toContain(command)
    const help = await world.dispatch([command, '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain(`dispatch ${command}`)
  }
})

test('the completion script works in a real bash', async () => {
  const script = [
    'source <(dispatch completion bash)',
    'complete -p dispatch >/dev/null || exit 9',
    'spec=$(complete -p dispatch)',
    'function=$(sed -E "s/.*-F ([^ ]+).*/\\1/" <<< "$spec")',
    'ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE};',
    '  COMPREPLY=(); "$function" dispatch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}";',
    '  printf "%s|" "${COMPREPLY[@]}"; echo; }',
    'ask dispatch se',
    'ask dispatch list --lim',
    'ask dispatch list --status id',
    'ask dispatch daemon lo',
    'ask dispatch get @do',
  ].join('\n')
  const { stdout, stderr, code } = await world.bash(script)
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(' |', '|'))
  // Bash breaks words at @: what stands behind it is completed.
  expect(answers).toEqual(['send|set|search|service|', '--limit|', 'idle|', 'log|logs|', 'docs|'])
})

test('daemon log has a row for each writing op, and no text', async () => {
  await world.dispatch(['send', 'nobody', secret])
  const answer = await world.dispatch(['daemon', 'log', '--limit', '1000'])
  const { entries } = answer.json() as AuditResult
  expect(entries[0]).toMatchObject({ op: 'new', actor: 'cli', outcome: 'ok' })
  expect(entries.at(-1)).toMatchObject({ op: 'send', outcome: 'not_found', laneId: null })
  expect(answer.stdout).not.toContain(secret)
  const some = ['daemon', 'log', '--lane', '@docs', '--op', 'send', '--outcome', 'ok']
  const filtered = (await world.dispatch(some)).json() as AuditResult
  expect(filtered.entries.length).toBeGreaterThan(0)
  expect(new Set(filtered.entries.map(({ op }) => op))).toEqual(new Set(['send']))
})

test('daemon log --follow goes on with the next op', async () => {
  await using log = world.follow(['daemon', 'log', '--follow', '--limit', '1'])
  await log.line(() => true)
  await world.dispatch(['rename', '@docs', 'documents'])
  const line = await log.line((text) => text.includes('"rename"'))
  expect(JSON.parse(line)).toMatchObject({ op: 'rename', outcome: 'ok' })
  await world.dispatch(['rename', '@documents', 'docs'])
})

test('the process log has shapes and no content, and can be read with the daemon dead', async () => {
  const before = (await world.dispatch(['daemon', 'logs'])).json() as LogsResult
  expect(before.records.length).toBeGreaterThan(0)
  await world.dispatch(['down'])
  const after = await world.dispatch(['daemon', 'logs', '--limit', '500'])
  expect(after).toMatchObject({ code: 0, stderr: '' })
  const { file, records } = after.json() as LogsResult
  expect(file).toBe(join(world.home, 'logs', 'dispatchd.log'))
  expect(records.length).toBeGreaterThanOrEqual(before.records.length)
  expect(readFileSync(file, 'utf8')).not.toContain(secret)
  expect(await world.dispatch(['daemon', 'status'])).toMatchObject({ code: 8 })
})

test('list pages with a cursor, and filters', async () => {
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const more = cursor === '' ? [] : ['--cursor', cursor]
    const page = (await world.dispatch(['list', '--limit', '2', ...more])).json() as ListResult
    ids.push(...page.lanes.map(({ id }) => id))
    cursor = page.nextCursor
  }
  const all = (await world.dispatch(['list'])).json() as ListResult
  expect(ids).toEqual(all.lanes.map(({ id }) => id))
  const none = await world.dispatch(['list', '--status', 'busy'])
  expect(none.json()).toEqual({ lanes: [], nextCursor: null })
})
