// dispatchd: the daemon's program, and the only file that reads `process`.
//   dispatchd run          serve the home in the foreground
//   dispatchd local <op>   carry out one local op; input and answer are JSON, on stdin and stdout
import { webcrypto } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { text } from 'node:stream/consumers'
import { DispatchError, errorCodes, errorToBody, toDispatchError } from '@dispatch/contract'
import { makeCallIds } from '@dispatch/contract/call-id'
import { homeDirectory } from '@dispatch/contract/home'
import { currentDirectory } from '@dispatch/contract/home-faults'
import { stayAlive, systemClock } from './clock/clock.ts'
import type { Host } from './host/host.ts'
import { runLocal } from './local.ts'
import { makeReadiness } from './serve/readiness.ts'
import { runDaemon } from './run.ts'
import { version } from './version.ts'

const usage = `dispatchd ${version}: the daemon of dispatch

  dispatchd run      serve the home in the foreground; the log goes to stderr
  dispatchd --version

People start it with "dispatch up".
`

const host: Host = {
  pid: process.pid,
  uid: process.getuid?.() ?? 0,
  platform: process.platform,
  execPath: process.execPath,
  homedir: homeDirectory(process.env, userInfo),
  cwd: currentDirectory(process.cwd, process.env),
  tmpdir: tmpdir(),
  env: process.env,
  kill: (pid, signal) => void process.kill(pid, signal),
}

const newId = makeCallIds({
  now: systemClock.now,
  random: (bytes) => webcrypto.getRandomValues(bytes),
})

const fail = (thrown: unknown): void => {
  const error = toDispatchError(thrown)
  process.stderr.write(`dispatchd: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`)
  process.exitCode = errorCodes[error.code].exit
}

const run = async (): Promise<void> => {
  using _alive = stayAlive()
  await runDaemon({
    host,
    clock: systemClock,
    random: Math.random,
    newId,
    umask: (mask) => process.umask(mask),
    version,
    tell: makeReadiness(process.env.DISPATCH_READY_FD),
    // In the background stderr is the start log: what the log file has need not be there too.
    console: { write: (line) => void (process.stderr.isTTY && process.stderr.write(line)) },
    onCrash: (tell) => void process.on('uncaughtExceptionMonitor', tell),
    onSignal: (end) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end)
    },
  })
}

const readInput = async (): Promise<unknown> => {
  const said = process.stdin.isTTY ? '' : await text(process.stdin)
  if (said.trim() === '') return {}
  try {
    return JSON.parse(said) as unknown
  } catch (cause) {
    throw new DispatchError('validation', 'The input is no JSON.', { cause })
  }
}

const local = async (op: string): Promise<void> => {
  using _alive = stayAlive()
  const ending = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => ending.abort(new DispatchError('internal', 'Interrupted.')))
  }
  try {
    const { signal } = ending
    const input = await readInput()
    const answer = await runLocal({ host, clock: systemClock, newId, signal }, { op, input })
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  } catch (thrown) {
    const error = toDispatchError(thrown)
    process.stdout.write(`${JSON.stringify({ error: errorToBody(error) })}\n`)
    process.exitCode = errorCodes[error.code].exit
  }
}

const [command, argument] = process.argv.slice(2)
if (command === 'run') {
  run().then(
    // What is left, such as a timer of a library, must not keep a daemon that has ended.
    () => process.exit(),
    (error: unknown) => {
      fail(error)
      process.exit()
    },
  )
} else if (command === 'local') await local(argument ?? '')
else if (command === '--version') process.stdout.write(`dispatchd ${version}\n`)
else {
  process.stdout.write(usage)
  if (command !== undefined && command !== '--help') process.exitCode = errorCodes.usage.exit
}
