// What is said to a lane, and what signs in, is in no log, no audit row, no error and no list of
// processes, whether things go well or not.
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { processesOf } from '../src/processes.ts'
import { makeWorld, type World } from '../src/world.ts'

const token = 'sk-test-4f1d7c0a9be2'
const configured = 'tok-configured-77aa01'
const said = 'the-launch-code-is-7391'
const secrets = [token, configured, said]

const found = (text: string): string[] => secrets.filter((secret) => text.includes(secret))

/** Everything in the logs of the home. */
const logsOf = ({ home }: World): { name: string; text: string }[] =>
  readdirSync(join(home, 'logs')).map((name) => ({
    name,
    text: readFileSync(join(home, 'logs', name), 'utf8'),
  }))

test('secrets and texts are in no log, audit row, error or argument of a process', async () => {
  await using world = await makeWorld()
  const env = { OPENAI_API_KEY: token, CODEX_API_KEY: token }
  const file = join(world.root, 'message')
  await writeFile(file, `gate: g ${said}\nreply: ${said}`)
  const long = join(world.root, 'long')
  await writeFile(long, `${said} `.repeat(100_000))
  const dispatch = (...args: string[]) => world.dispatch(args, { env })
  await dispatch('up')
  await writeFile(
    join(world.home, 'config.toml'),
    `[daemon.env]\nANOTHER_API_KEY = "${configured}"\n`,
    { mode: 0o600 },
  )
  await dispatch('restart')

  // A turn that runs, texts that wait, and texts that nobody can take.
  const went = [
    await dispatch('new', '--name', 'a', '--no-send', '--developer-instructions', said),
    await dispatch('send', '@a', '--input-file', file),
    await dispatch('send', '@a', '--queue', `reply: ${said}`),
    await dispatch('new', '--name', 'b', '--goal', said, '--no-send'),
  ]
  expect(went.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  await world.model.waitForGate(`g ${said}`)
  const failed = [
    await dispatch('send', '@nobody', said),
    await dispatch('send', '@a', said),
    await dispatch('send', '@a', '--input-file', long),
    await dispatch('goal', 'set', '@nobody', said),
    await dispatch('queue', 'edit', '01900000-0000-7000-8000-000000000000', said),
    await dispatch('send', '@b', `fail: http 500 ${said}`, '--wait', '--timeout', '20'),
  ]
  for (const { code, stderr } of failed.slice(0, -1)) {
    expect(code).not.toBe(0)
    expect({ stderr, found: found(stderr) }).toEqual({ stderr, found: [] })
  }
  const processes = processesOf(world.root).filter(({ command }) => /dispatchd|codex/.test(command))
  expect(processes.length).toBeGreaterThanOrEqual(2)
  for (const { command } of processes) expect(found(command)).toEqual([])

  // A daemon that dies in the middle of it, and the next one, which judges what became of it.
  await world.killDaemon()
  await dispatch('up')
  world.model.open(`g ${said}`)
  await dispatch('wait', '@a')
  await dispatch('stop', '--all')
  const audit = await dispatch('daemon', 'log', '--limit', '1000')
  expect((audit.json() as AuditResult).entries.length).toBeGreaterThan(8)
  expect(found(audit.stdout)).toEqual([])
  const logs = logsOf(world)
  expect(logs.map(({ name }) => name)).toContain('dispatchd.log')
  for (const { name, text } of logs)
    expect({ name, found: found(text) }).toEqual({ name, found: [] })
  const shown = await dispatch('config', 'show')
  expect(found(shown.stdout)).toEqual([])
  const doctor = await dispatch('doctor')
  expect(found(`${doctor.stdout}${doctor.stderr}`)).toEqual([])
  console.log(
    `${secrets.length} secrets looked for in ${logs.length} logs (${logs.reduce((sum, { text }) => sum + text.length, 0)} characters), ${(audit.json() as AuditResult).entries.length} audit rows, ${failed.length} errors, ${processes.length} processes: 0 found`,
  )
})
