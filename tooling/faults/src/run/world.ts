// A world in which cases happen one after the other: a home, a CODEX_HOME with the simulated model, and
// the watched daemon. Disposing it ends everything; what is left alive then is told.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDispatchClient, type DispatchClient, makeLifecycle } from '@dispatch/client'
import { makeModelSimulator, type ModelSimulator } from '@dispatch/model-simulator'
import { findCodexBinary, makeCodexHomeTemplate } from '@dispatch/model-simulator/testing'
import { processesOf, type WorldProcess } from '../processes.ts'

/** A world. */
export type World = {
  readonly root: string
  /** Plan and journal of its daemons. */
  readonly folder: string
  readonly registry: string
  readonly codexHome: string
  readonly work: string
  readonly model: ModelSimulator
  /** What the model was last given of each thread: every message of its history. */
  readonly lastGiven: ReadonlyMap<string, readonly string[]>
  client(): DispatchClient
  processes(): WorldProcess[]
  /** Ends everything; gives what had to be killed because `down` left it alive. `keep` leaves the files. */
  end(options: { keep: boolean }): Promise<WorldProcess[]>
}

const watched = fileURLToPath(new URL('../daemon/main.ts', import.meta.url))

/** Who drives the worlds. */
export type Driver = {
  pid: number
  execPath: string
  env: Record<string, string | undefined>
  /** The path of the daemon's program. */
  program: string
  /** SIGKILL; a process that has ended meanwhile is no fault. */
  kill: (pid: number) => void
}

const callOf = (cwd: string) =>
  ({
    id: '00000000-0000-7000-8000-000000000000',
    caller: 'client',
    cwd,
    zone: 'UTC',
    threadId: null,
    after: null,
    signal: AbortSignal.timeout(60_000),
  }) as const

/** Makes a world; its daemon starts with the first call. */
export const makeWorld = async (driver: Driver): Promise<World> => {
  const { pid, execPath, env: given, kill, program } = driver
  const root = await mkdtemp(join(tmpdir(), 'dsf-'))
  const folder = join(root, 'faults')
  const work = join(root, 'work')
  const home = join(root, 'home')
  const codexHome = join(root, 'codex')
  await mkdir(folder)
  await mkdir(work)
  await mkdir(home, { mode: 0o700 })
  await writeFile(join(folder, 'journal.log'), '')
  const lastGiven = new Map<string, readonly string[]>()
  const model = await makeModelSimulator({
    keepRequests: 50,
    onRequest: ({ threadId, userTexts }) => {
      if (threadId !== undefined) lastGiven.set(threadId, userTexts)
    },
  })
  const template = await makeCodexHomeTemplate()
  await template.copyTo(codexHome, { url: model.url })
  const env: Record<string, string> = {
    PATH: given['PATH'] ?? '',
    HOME: root,
    LANG: 'C.UTF-8',
    DISPATCH_HOME: home,
    CODEX_HOME: codexHome,
    DISPATCH_CODEX: findCodexBinary().path,
    NODE_COMPILE_CACHE: given['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'dispatch-e2e-compiled'),
    ...(given['DISPATCH_TEST_RUN'] ? { DISPATCH_TEST_RUN: given['DISPATCH_TEST_RUN'] } : {}),
  }
  const options = {
    env,
    cwd: work,
    daemon: { command: execPath, args: [watched, program, folder, root] },
  }
  return {
    root,
    folder,
    registry: join(home, 'registry.db'),
    codexHome,
    work,
    model,
    lastGiven,
    client: () => createDispatchClient(options),
    processes: () => processesOf(root, pid),
    end: async ({ keep }) => {
      await makeLifecycle(options).down({ force: true }, callOf(work))
      await model[Symbol.asyncDispose]()
      const left = processesOf(root, pid)
      for (const one of left) kill(one.pid)
      if (!keep) await rm(root, { recursive: true, force: true, maxRetries: 5 })
      return left
    },
  }
}
