import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fakeCodexPath } from '@dispatch/fake-app-server'
import { openStore } from '@dispatch/store'
import { expect, it } from 'vitest'
import { systemClock } from '../src/clock/clock.ts'
import { serverRecords } from '../src/codex/server-record.ts'
import { pathsOf } from '../src/lock/taken-home.ts'
import { type RunOptions, runDaemon } from '../src/run.ts'
import { host } from './bench.ts'
import { makeTestDirectory } from './serve/listening.ts'

it('a start whose socket another program has leaves no app-server', async () => {
  using directory = makeTestDirectory()
  const DISPATCH_HOME = join(directory.path, 'home')
  const CODEX_HOME = join(directory.path, 'codex')
  mkdirSync(DISPATCH_HOME, { mode: 0o700 })
  mkdirSync(CODEX_HOME)
  const env = {
    PATH: process.env.PATH,
    HOME: directory.path,
    DISPATCH_HOME,
    CODEX_HOME,
    DISPATCH_CODEX: fakeCodexPath,
    DISPATCH_TEST_RUN: process.env.DISPATCH_TEST_RUN,
  }
  const here = host({ env, homedir: directory.path, cwd: directory.path, tmpdir: directory.path })
  const paths = pathsOf(here)
  const other = createServer().listen(paths.socket)
  const told: unknown[] = []
  const options: RunOptions = {
    host: here,
    clock: systemClock,
    random: () => 0.5,
    newId: () => '019a0000-0000-7000-8000-000000000000',
    umask: () => 0o022,
    version: '1.2.3',
    tell: (readiness) => void told.push(readiness),
    console: { write: () => {} },
    onSignal: () => {},
    onCrash: () => {},
  }
  await expect(runDaemon(options)).rejects.toMatchObject({ code: 'conflict' })
  expect(told).toMatchObject([{ error: { code: 'conflict' } }])
  other.close()
  using store = openStore({ file: paths.database })
  const left = serverRecords(store).get()
  if (left) process.kill(left.pid, 'SIGKILL')
  expect(left).toBeNull()
})
