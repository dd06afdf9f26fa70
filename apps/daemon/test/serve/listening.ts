// A control socket in a directory of its own over the real router and services of the test's making.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appRouter, type Call, type Context, type DaemonServices } from '@dispatch/contract'
import { type Clock, systemClock } from '../../src/clock/clock.ts'
import type { Log } from '../../src/log/log.ts'
import { type Listener, makeListener } from '../../src/serve/listener.ts'

export type Listening = AsyncDisposable & {
  path: string
  listener: Listener
  /** The calls that came, newest last. */
  calls: Call[]
  /** Lines of the log. */
  logged: string[]
}

type Services = {
  [Name in keyof DaemonServices]?: DaemonServices[Name] extends (...args: never[]) => unknown
    ? DaemonServices[Name]
    : Partial<DaemonServices[Name]>
}

export const makeTestDirectory = (): Disposable & { path: string } => {
  const path = mkdtempSync(join(tmpdir(), 'dsp-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export const startListening = async (
  services: Services,
  at?: string,
  clock: Clock = systemClock,
): Promise<Listening> => {
  const directory = makeTestDirectory()
  const path = at ?? join(directory.path, 's.sock')
  const calls: Call[] = []
  const logged: string[] = []
  const write = (message: string): void => void logged.push(message)
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const listener = await makeListener({
    path,
    router: appRouter,
    makeContext: (call) => {
      calls.push(call)
      return { services, local: {}, call } as unknown as Context
    },
    version: '1.2.3',
    contractHash: 'abc',
    pid: 42,
    newId: () => '019a0000-0000-7000-8000-000000000000',
    umask: () => 0o022,
    clock,
    log,
  })
  return {
    path,
    listener,
    calls,
    logged,
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]()
      directory[Symbol.dispose]()
    },
  }
}
