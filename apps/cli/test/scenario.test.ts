// Scenarios, as a stranger plays them: on the real Codex, in throw-away homes.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScenarioResult } from '@dispatch/contract'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dispatch, ended, startDispatch } from './spawned.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dsp-sc-'))
})
afterEach(() => rmSync(home, { recursive: true, maxRetries: 5 }))

const places = () => readdirSync(home).filter((name) => name.startsWith('dispatch-scenario-'))
const surroundings = (env: Record<string, string> = {}) => ({ home, env: { TMPDIR: home, ...env } })
const example = (name: string) =>
  join(import.meta.dirname, `../../../examples/scenarios/${name}.toml`)

const writeScenario = (lane: string, head = ''): string => {
  const file = join(home, 'mine.toml')
  writeFileSync(
    file,
    `name = "mine"\n${head}\n[[lanes]]\nalias = "a"\nprompt = "Say hi."\n${lane}\n`,
  )
  return file
}

const play = async (...args: string[]) => {
  const { status, out, err } = await dispatch(['scenario', ...args], surroundings())
  return { status, err, result: JSON.parse(out.toString()) as ScenarioResult }
}

const examples = ['basic_coordination', 'commands', 'failing_turn']

test.each(examples)('the example %s holds, and nothing is left behind', async (name) => {
  const { status, err, result } = await play(example(name))
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(result).toMatchObject({ scenario: name, status: 'ok', codex: 'simulated', kept: null })
  expect(result.lanes).toHaveLength(2)
  expect(result.checks).toHaveLength(10)
  expect(places()).toEqual([])
})

test('an answer that is not the expected one: a report, exit 10, and homes to look into', async () => {
  const { status, err, result } = await play(writeScenario('expect_contains = "BYE"'))
  expect(status).toBe(10)
  const failed = result.checks.filter((check) => check.status === 'fail')
  expect(failed).toMatchObject([{ name: 'a answer', summary: 'lacks "BYE"' }])
  expect(JSON.parse(err)).toEqual({ error: result.error })
  expect(places().map((name) => join(home, name))).toEqual([result.kept])
  expect(result.error?.hint).toContain(`DISPATCH_HOME=${result.kept}/home`)
  // The daemon is gone, and the command that the check names still shows what was said.
  const { env } = surroundings({
    DISPATCH_HOME: `${result.kept}/home`,
    CODEX_HOME: `${result.kept}/codex`,
    DISPATCH_NO_AUTOSTART: '',
  })
  const down = await dispatch(['down'], { home, env })
  expect(JSON.parse(down.out.toString())).toMatchObject({ status: 'not_running' })
  const [, words = ''] = /dispatch (tail 0\w{5})$/.exec(failed[0]?.recovery ?? '') ?? []
  const tail = await dispatch(words.split(' '), { home, env })
  expect(JSON.parse(tail.out.toString())).toMatchObject({
    items: [{ text: 'Say hi.' }, { text: 'You said: Say hi.' }],
  })
  await dispatch(['down'], { home, env })
})

test('a lane that takes too long: exit 3, and its turn is not waited for', async () => {
  const file = writeScenario('simulated = "hang: headers"')
  const { status, result } = await play(file, '--timeout', '1')
  expect(status).toBe(3)
  expect(result.lanes).toMatchObject([{ outcome: 'running', lastMessage: null }])
  expect(result.error).toMatchObject({ code: 'timeout' })
})

test('on a terminal, or asked for text, it says a line a check', async () => {
  const args = [
    'scenario',
    writeScenario('expect_contains = "hi"'),
    '--output',
    'text',
    '--keep-home',
  ]
  const { status, out, err } = await dispatch(args, surroundings())
  expect(status).toBe(0)
  expect(out.toString().split('\n')).toEqual([
    expect.stringMatching(/^mine: ok, simulated model, \d+ ms$/),
    '[ok]      a turn: completed',
    '[ok]      a answer: has what is expected',
    '[ok]      a list: @a idle',
    '[ok]      a get: turn completed',
    expect.stringContaining('[ok]      a tail: '),
    '',
  ])
  expect(err).toContain(join(home, places()[0] ?? 'none'))
})

test('broken off, it cleans up', async () => {
  const child = startDispatch(['scenario', writeScenario('simulated = "hang: headers"')], {
    ...surroundings(),
  })
  child.stdin?.end()
  const collected = ended(child)
  // Its daemon has started, or will in a moment.
  await vi.waitUntil(
    () => places().some((name) => existsSync(join(home, name, 'home/logs'))),
    30_000,
  )
  child.kill('SIGINT')
  expect(await collected).toMatchObject({ status: 130 })
  await vi.waitUntil(() => places().length === 0, 30_000)
})

test('with --real and no login it says so, and without a Codex how to get one', async () => {
  mkdirSync(join(home, 'codex'))
  const file = writeScenario('')
  const none = await dispatch(['scenario', file, '--real'], surroundings())
  expect([none.status, JSON.parse(none.err).error.hint]).toEqual([
    2,
    expect.stringContaining('codex login'),
  ])
  const absent = await dispatch(
    ['scenario', file],
    surroundings({ DISPATCH_CODEX: '/absent/codex' }),
  )
  expect([absent.status, JSON.parse(absent.err).error.code]).toEqual([8, 'app_server'])
  expect(places()).toEqual([])
})
