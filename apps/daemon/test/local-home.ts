// A throw-away home in which local ops are carried out in this process.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HomePaths, resolveHome } from '@dispatch/contract/home'
import { systemClock } from '../src/clock/clock.ts'
import type { Host } from '../src/host/host.ts'
import { runLocal } from '../src/local.ts'

/** A home and the ops on it. */
export type LocalHome = Disposable & {
  readonly root: string
  readonly paths: HomePaths
  /** Carries out an op. */
  local(op: string, input?: unknown): Promise<unknown>
  /** Adds to its environment. */
  setEnv(more: Record<string, string>): LocalHome
  /** Holds the home's lock in another process, as a daemon does, until disposed. */
  occupy(): Promise<AsyncDisposable>
}

const holder = join(import.meta.dirname, 'lock', 'holder.ts')

/** Makes a home below `base`; `env` is added to its environment. */
export const makeLocalHome = (env: Record<string, string> = {}, base = tmpdir()): LocalHome => {
  const root = mkdtempSync(join(base, 'dspl-'))
  const all: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: root,
    DISPATCH_HOME: join(root, 'home'),
    CODEX_HOME: join(root, 'codex'),
    ...env,
  }
  const host: Host = {
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    platform: process.platform,
    execPath: process.execPath,
    homedir: root,
    cwd: root,
    tmpdir: tmpdir(),
    env: all,
    kill: (pid, signal) => void process.kill(pid, signal),
  }
  const paths = resolveHome(all, { homedir: root, cwd: root })
  mkdirSync(paths.home, { mode: 0o700 })
  let calls = 0
  const home: LocalHome = {
    root,
    setEnv: (more) => {
      Object.assign(all, more)
      return home
    },
    paths,
    local: (op, input = {}) =>
      runLocal(
        {
          host,
          clock: systemClock,
          newId: () => `01900000-0000-7000-8000-${String((calls += 1)).padStart(12, '0')}`,
          signal: new AbortController().signal,
        },
        { op, input },
      ),
    occupy: async () => {
      const child = spawn(process.execPath, [holder, paths.lock], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const exited = once(child, 'exit')
      const [said] = (await once(child.stdout, 'data')) as [Buffer]
      if (said.toString().trim() !== 'held') throw new Error('the lock is held already')
      return {
        [Symbol.asyncDispose]: async () => {
          child.kill('SIGKILL')
          await exited
        },
      }
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
  return home
}
