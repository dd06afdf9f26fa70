// A world for one test: a throw-away home, the real Codex with a simulated model, and the `dispatch`
// of this workspace as a child process. Disposing it ends everything that it started.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeModelSimulator, type ModelSimulator } from '@dispatch/model-simulator'
import { findCodexBinary, makeCodexHomeTemplate } from '@dispatch/model-simulator/testing'
import { follow, type Ran, run, type Running } from './spawn.ts'

/** Which `dispatch` to run. */
export type Bin = { command: string; args: readonly string[] }

/** What a command gave. */
export type Answer = Ran & {
  /** Stdout as one JSON document; throws where it is none. */
  json<T = Record<string, unknown>>(): T
  /** The error body on stderr; throws where there is none. */
  error(): { code: string; message: string; hint: string | null; details: unknown }
}

type CallOptions = { input?: string; env?: Record<string, string>; cwd?: string }

/** A throw-away world. */
export type World = AsyncDisposable & {
  readonly home: string
  readonly codexHome: string
  /** A directory to work in. */
  readonly work: string
  readonly env: Record<string, string>
  readonly model: ModelSimulator
  /** Runs `dispatch ...` to its end. */
  dispatch(args: readonly string[], options?: CallOptions): Promise<Answer>
  /** Starts `dispatch ...` and gives its lines. */
  follow(args: readonly string[], options?: CallOptions): Running
}

/** What differs from the usual world. */
export type WorldOptions = {
  bin?: Bin
  /** In place of the real Codex; null for none at all. */
  codex?: string | null
}

const sourceBin = (): Bin => {
  const entry = createRequire(import.meta.url).resolve('@dispatch/cli/package.json')
  return { command: process.execPath, args: [join(dirname(entry), 'bin/dispatch.mjs')] }
}

const toAnswer = (ran: Ran): Answer => ({
  ...ran,
  json: <T>() => {
    try {
      return JSON.parse(ran.stdout) as T
    } catch (cause) {
      throw new Error(`no JSON: exit ${ran.code}: ${ran.stdout}${ran.stderr}`, { cause })
    }
  },
  error: () => {
    try {
      return (JSON.parse(ran.stderr) as { error: ReturnType<Answer['error']> }).error
    } catch (cause) {
      throw new Error(`no error body: exit ${ran.code}: ${ran.stdout}${ran.stderr}`, { cause })
    }
  },
})

/** Makes a world; its daemon starts with the first command that needs it. */
export const makeWorld = async (options: WorldOptions = {}): Promise<World> => {
  await using stack = new AsyncDisposableStack()
  const root = await mkdtemp(join(tmpdir(), 'dsp-'))
  stack.defer(() => rm(root, { recursive: true, force: true, maxRetries: 5 }))
  const model = stack.use(await makeModelSimulator())
  const codexHome = join(root, 'codex')
  const template = await makeCodexHomeTemplate()
  await template.copyTo(codexHome, { url: model.url })
  const work = join(root, 'work')
  await mkdir(work)
  const home = join(root, 'home')
  const codex = options.codex === undefined ? findCodexBinary().path : options.codex
  const env: Record<string, string> = {
    PATH: codex === null ? dirname(process.execPath) : (process.env.PATH ?? ''),
    HOME: root,
    LANG: 'C.UTF-8',
    DISPATCH_HOME: home,
    CODEX_HOME: codexHome,
    ...(codex === null ? {} : { DISPATCH_CODEX: codex }),
    ...(process.env.DISPATCH_TEST_RUN ? { DISPATCH_TEST_RUN: process.env.DISPATCH_TEST_RUN } : {}),
    ...(process.env.NODE_COMPILE_CACHE
      ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
      : {}),
  }
  const bin = options.bin ?? sourceBin()
  const program = (args: readonly string[], call: CallOptions = {}) => ({
    command: bin.command,
    args: [...bin.args, ...args],
    env: { ...env, ...call.env },
    cwd: call.cwd ?? work,
    ...(call.input === undefined ? {} : { input: call.input }),
  })
  const dispatch: World['dispatch'] = async (args, call) => toAnswer(await run(program(args, call)))
  stack.defer(async () => {
    const down = await dispatch(['down', '--force', '--yes', '--json'])
    if (down.code !== 0) throw new Error(`down failed: ${down.stdout}${down.stderr}`)
  })
  const owned = stack.move()
  return {
    home,
    codexHome,
    work,
    env,
    model,
    dispatch,
    follow: (args, call) => follow(program(args, call)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
