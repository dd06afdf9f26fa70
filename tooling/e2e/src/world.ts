// A world for one test: a throw-away home, the real Codex with a simulated model, and the `dispatch`
// of this workspace as a child process. Disposing it ends everything that it started.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DaemonStatus } from '@dispatch/contract'
import {
  makeModelSimulator,
  type ModelSimulator,
  prepareOpenaiHome,
} from '@dispatch/model-simulator'
import { findCodexBinary, makeCodexHomeTemplate } from '@dispatch/model-simulator/testing'
import { follow, type Program, type Ran, run, type Running } from './spawn.ts'
import { openScreen, type Screen, type ScreenSize } from './screen.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** Which `dispatch` to run. */
export type Bin = { command: string; args: readonly string[] }

/** What a command gave. */
export type Answer = Ran & {
  /** Stdout as one JSON document; throws where it is none. */
  json(): unknown
  /** The error body on stderr; throws where there is none. */
  error(): { code: string; message: string; hint: string | null; details: unknown }
}

/** How one command differs from the world's others. */
export type CallOptions = {
  input?: string
  /** Whether stdin stays open behind the input. */
  keepsInput?: boolean
  env?: Record<string, string>
  cwd?: string
}

/** A throw-away world. */
export type World = AsyncDisposable & {
  /** The folder that everything of this world is in. */
  readonly root: string
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
  /** Runs `dispatch ...` in a terminal. */
  terminal(args: readonly string[], options?: CallOptions): Terminal
  /** Runs `dispatch ...` in a terminal whose screen is looked at. */
  screen(args: readonly string[], size: ScreenSize, options?: CallOptions): Screen
  /** A script of bash in which `dispatch`, `dispatchd` and `codex` are on the path. */
  script(text: string, options?: CallOptions): Program
  /** Runs such a script. */
  bash(text: string, options?: CallOptions): Promise<Answer>
  /** What `daemon status` says. */
  status(): Promise<DaemonStatus>
  /** Kills the daemon as `kill -9` does; its App Server goes on. */
  killDaemon(): Promise<void>
}

/** What differs from the usual world. */
export type WorldOptions = {
  bin?: Bin
  /** In place of the real Codex; null for none at all. */
  codex?: string | null
  /** The home, below the world's folder; `home` unless given. */
  home?: string
  /** Codex as most people have it, with its own provider and catalogue; else one that knows the simulator. */
  openai?: boolean
}

const sourceBin = (): Bin => ({
  command: process.execPath,
  args: [fileURLToPath(new URL('../../../apps/cli/bin/dispatch.mjs', import.meta.url))],
})

const daemonFile = fileURLToPath(new URL('../../../apps/daemon/bin/dispatchd.mjs', import.meta.url))

const toAnswer = (ran: Ran): Answer => ({
  ...ran,
  json: () => {
    try {
      return JSON.parse(ran.stdout) as unknown
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
  if (options.openai) await prepareOpenaiHome(codexHome, model.url)
  const work = join(root, 'work')
  await mkdir(work)
  const home = join(root, options.home ?? 'home')
  const codex = options.codex === undefined ? findCodexBinary().path : options.codex
  const env: Record<string, string> = {
    PATH: codex === null ? dirname(process.execPath) : (process.env.PATH ?? ''),
    HOME: root,
    LANG: 'C.UTF-8',
    DISPATCH_HOME: home,
    CODEX_HOME: codexHome,
    ...(codex === null ? {} : { DISPATCH_CODEX: codex }),
    ...(process.env.DISPATCH_TEST_RUN ? { DISPATCH_TEST_RUN: process.env.DISPATCH_TEST_RUN } : {}),
    // The sources are stripped and compiled once a run: a cold CLI takes 0.2 s of a core, a warm one
    // 0.05 s, a cold dispatchd 0.54 s, a warm one 0.23 s.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'dispatch-e2e-compiled'),
  }
  const bin = options.bin ?? sourceBin()
  const shims = join(root, 'bin')
  await mkdir(shims)
  const programs = {
    dispatch: [bin.command, ...bin.args],
    dispatchd: [process.execPath, daemonFile],
    ...(codex === null ? {} : { codex: [codex] }),
  }
  for (const [name, words] of Object.entries(programs)) {
    const quoted = words.map((word) => `'${word}'`).join(' ')
    await writeFile(join(shims, name), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 })
  }
  const program = (args: readonly string[], call: CallOptions = {}) => ({
    command: bin.command,
    args: [...bin.args, ...args],
    env: { ...env, ...call.env },
    cwd: call.cwd ?? work,
    ...(call.input === undefined ? {} : { input: call.input }),
    ...(call.keepsInput ? { keepsInput: true } : {}),
  })
  const script: World['script'] = (text, call = {}) => ({
    command: 'bash',
    args: ['--noprofile', '--norc', '-c', text],
    env: { ...env, PATH: `${shims}:${env.PATH}`, ...call.env },
    cwd: call.cwd ?? work,
    ...(call.input === undefined ? {} : { input: call.input }),
  })
  const dispatch: World['dispatch'] = async (args, call) => toAnswer(await run(program(args, call)))
  stack.defer(async () => {
    const down = await dispatch(['down', '--force', '--yes', '--json'])
    if (down.code !== 0) throw new Error(`down failed: ${down.stdout}${down.stderr}`)
  })
  const owned = stack.move()
  const status = async (): Promise<DaemonStatus> =>
    (await dispatch(['daemon', 'status'])).json() as DaemonStatus
  return {
    root,
    home,
    codexHome,
    work,
    env,
    model,
    dispatch,
    follow: (args, call) => follow(program(args, call)),
    terminal: (args, call) => openTerminal(program(args, call)),
    screen: (args, size, call) => openScreen(program(args, call), size),
    script,
    bash: async (text, call) => toAnswer(await run(script(text, call))),
    status,
    killDaemon: async () => void process.kill((await status()).pid, 'SIGKILL'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
