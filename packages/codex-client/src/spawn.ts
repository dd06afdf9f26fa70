// Owns the child processes of this package: a server on a Unix socket that outlives us, a server on
// stdio that does not, and the question for a version. The binary should be the native one (see
// `binary.ts`), so that the pid is the server's own and a signal reaches it.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'

import { CodexSpawnError } from './errors.ts'
import { makeStdioTransport } from './stdio.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { Transport } from './transport.ts'

/** SIGTERM ends a server in 0.2 to 0.8 s. */
const TERM_GRACE_MS = 3000

export interface CodexProgram {
  readonly binary: string
  /** Set as CODEX_HOME, over what `env` says. It must exist. */
  readonly codexHome: string
  /** The whole environment: nothing is inherited. The server passes it on to the shells it runs. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface CodexServerProgram extends CodexProgram {
  readonly cwd: string
  /** Further arguments after `app-server`. */
  readonly args?: readonly string[]
  /** An open file descriptor for the server's log, or `ignore`. */
  readonly stderr: number | 'ignore'
  readonly timers?: Timers
}

export interface CodexExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running server. Disposing terminates it. */
export interface CodexProcess extends AsyncDisposable {
  readonly pid: number
  /** Resolves when the process is gone and reaped; never rejects. */
  readonly exited: Promise<CodexExit>
  /** SIGTERM, then SIGKILL after `graceMs` (default 3000); resolves when the process is gone. */
  terminate(graceMs?: number): Promise<CodexExit>
}

/**
 * Starts a server on a Unix socket in a session of its own: it neither holds our event loop open
 * nor ends with us. It listens some time later; `connectListening` waits for that.
 */
export async function spawnSocketServer(
  program: CodexServerProgram & { readonly socketPath: string },
): Promise<CodexProcess> {
  const child = await launch(program, {
    args: ['--listen', `unix://${program.socketPath}`],
    stdio: ['ignore', 'ignore', program.stderr],
    detached: true,
  })
  child.unref()
  return toProcess(child, program.timers)
}

/** Starts a server on stdio. It ends when the transport is closed or when we do. */
export async function spawnStdioServer(
  program: CodexServerProgram,
): Promise<CodexProcess & { readonly transport: Transport }> {
  const child = await launch(program, {
    args: [],
    stdio: ['pipe', 'pipe', program.stderr],
    detached: false,
  })
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new CodexSpawnError(program.binary, 'no pipes')
  const transport = makeStdioTransport({ input: stdout, output: stdin })
  return { ...toProcess(child, program.timers), transport }
}

/** What `codex --version` says, without the program's name. */
export async function readCodexVersion({ binary, codexHome, env }: CodexProgram): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version'], {
      env: { ...env, CODEX_HOME: codexHome },
      timeout: 10_000,
    })
    return stdout.trim().replace(/^\S+\s+/, '')
  } catch (cause) {
    throw new CodexSpawnError(binary, '--version failed', { cause })
  }
}

interface Launch {
  readonly args: readonly string[]
  readonly stdio: StdioOptions
  readonly detached: boolean
}

async function launch(program: CodexServerProgram, how: Launch): Promise<ChildProcess> {
  const { binary, cwd, env, codexHome, args = [] } = program
  try {
    const child = spawn(binary, ['app-server', ...how.args, ...args], {
      cwd,
      env: { ...env, CODEX_HOME: codexHome },
      stdio: how.stdio,
      detached: how.detached,
    })
    await once(child, 'spawn')
    return child
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : 'unknown'
    throw new CodexSpawnError(binary, detail, { cause })
  }
}

function toProcess(child: ChildProcess, timers = systemTimers): CodexProcess {
  const { promise: exited, resolve } = Promise.withResolvers<CodexExit>()
  child.once('exit', (code, signal) => resolve({ code, signal }))
  // A signal that could not be sent is no fault: the exit is on its way or already here.
  child.on('error', () => undefined)

  const terminate = async (graceMs = TERM_GRACE_MS): Promise<CodexExit> => {
    if (child.exitCode !== null || child.signalCode !== null) return exited
    child.ref()
    child.kill('SIGTERM')
    const callOff = timers.after(graceMs, () => child.kill('SIGKILL'))
    try {
      return await exited
    } finally {
      callOff()
    }
  }

  return {
    pid: child.pid as number,
    exited,
    terminate,
    async [Symbol.asyncDispose]() {
      await terminate()
    },
  }
}
