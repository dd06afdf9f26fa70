// Carries an invocation out: shapes the input, asks where something is destroyed, calls the op here
// or in the daemon, prints what comes. Gives the exit status.
import type { LocalServices } from '@dispatch/contract'
import { isDestroying } from '@dispatch/contract/destroying'
import { DispatchError, type ErrorBody, toDispatchError } from '@dispatch/contract/errors'
import { commandName } from './commands/command.ts'
import type { Invocation } from './commands/invocation.ts'
import type { Remote } from './connection/remote.ts'
import { exitOf, reportOf } from './errors/report.ts'
import { usage } from './input/refusal.ts'
import { shapeInput, type Shaped } from './input/shape.ts'
import { fillForTerminal } from './input/terminal-default.ts'
import type { Io } from './io.ts'
import { methodAt } from './local/method.ts'
import { type Printer, isJson, makePrinter } from './output/printer.ts'
import { showProgress } from './output/progress.ts'
import type { Tables } from './tables.ts'

/** What a run is carried out with. */
export type Setting = { io: Io; tables: Tables; invocation: Invocation }

/** How ops are reached; tests stand in for it. */
export type Reach = {
  remote(setting: Setting): Promise<Remote>
  local(setting: Setting): Promise<LocalServices>
}

/** Exit status of a run that a person broke off. */
export const INTERRUPTED = 130

const localCall = ({ io }: Setting, signal: AbortSignal): object => ({
  id: '',
  caller: 'cli',
  cwd: io.cwd,
  zone: '',
  threadId: io.env.CODEX_THREAD_ID ?? null,
  after: null,
  signal,
})

async function* untracked(events: AsyncIterable<{ data: unknown }>): AsyncIterable<unknown> {
  for await (const { data } of events) yield data
}

type Running = Setting & { shaped: Shaped; printer: Printer; signal: AbortSignal }

const printStream = async (running: Running, events: AsyncIterable<unknown>): Promise<void> => {
  const print = await running.printer.stream()
  // A follower may have nothing to write for long.
  const unwatch = await running.io.watchReader()
  try {
    for await (const event of events) {
      await print(event)
      if (running.signal.aborted) return
    }
  } finally {
    unwatch()
  }
}

const callLocal = async (running: Running, reach: Reach): Promise<unknown> => {
  const { form, input } = running.shaped
  const services = await reach.local(running)
  const answer = methodAt(services, form.op)(input, localCall(running, running.signal))
  if (form.kind !== 'subscription') return answer
  await printStream(running, untracked(answer as AsyncIterable<{ data: unknown }>))
}

// By a person, that is: a reader that is gone wants to hear nothing.
const isBrokenOff = ({ signal, io }: Running): boolean => signal.aborted && !io.closed.aborted

const callRemote = async (running: Running, reach: Reach): Promise<unknown> => {
  const { form, input } = running.shaped
  await using remote = await reach.remote(running)
  if (form.kind !== 'subscription') {
    try {
      return await remote.call(form, input, running.signal)
    } catch (error) {
      if (isBrokenOff(running)) {
        const { tellBrokenOff } = await import('./broken-off.ts')
        await tellBrokenOff({ form, globals: running.invocation.globals, io: running.io }, remote)
      }
      throw error
    }
  }
  await printStream(running, remote.stream(form, input, running.signal))
}

const call = async (running: Running, reach: Reach): Promise<unknown> => {
  const { form } = running.shaped
  const act = form.runs === 'local' ? callLocal : callRemote
  // A stream shows itself; so does what prints text of its own.
  if (form.kind === 'subscription' || form.view.kind === 'raw') return act(running, reach)
  const wipe = showProgress(commandName(running.invocation.command), running.io)
  try {
    return await act(running, reach)
  } finally {
    wipe()
  }
}

// An op with a verdict answers even when the answer is bad, and says so beside it.
const verdictOf = ({ form }: Shaped, value: unknown): ErrorBody | null => {
  if (!form.verdict || typeof value !== 'object' || value === null || !('error' in value))
    return null
  return (value.error as ErrorBody | null) ?? null
}

const followsOneLane = ({ command }: Invocation, { input }: Shaped): boolean =>
  command.fields.filter((field) => field.selector).flatMap((field) => input[field.key] ?? [])
    .length === 1

type Plan = { destroys: boolean; losses: string[] }

// What would be lost; null where the op says that it destroys nothing this time.
const lossesOf = async (
  { shaped, signal, ...setting }: Setting & { shaped: Shaped; signal: AbortSignal },
  reach: Reach,
): Promise<string[] | null> => {
  const { form, input } = shaped
  if (form.plannedBy === undefined) return []
  const isLocal = form.runs === 'local'
  const autostart = form.autostart && !isLocal
  const query = { ...form, op: form.plannedBy, kind: 'query' as const, autostart }
  try {
    await using remote = await reach.remote(setting)
    const { destroys, losses } = (await remote.call(query, input, signal)) as Plan
    return destroys ? losses : null
  } catch (error) {
    // What runs here may be to end a daemon that cannot be asked any more.
    if (!isLocal || signal.aborted) throw error
    return []
  }
}

const perform = async (setting: Setting, reach: Reach, signal: AbortSignal): Promise<number> => {
  const { io, invocation } = setting
  const { globals } = invocation
  // An empty one is a variable that is not set, and would mean the current directory.
  if (globals.home === '') throw usage(invocation, '--home is empty: name a directory.')
  if (globals.json && globals.output === 'text') {
    throw usage(invocation, '--json asks for JSON, --output text or --text for text: give one.')
  }
  const typed = await shapeInput(invocation, { cwd: io.cwd, stdin: io.stdin, signal })
  const isForPerson = io.terminal.stdout && !isJson(globals, io)
  const shaped = isForPerson ? fillForTerminal(typed, invocation) : typed
  if (isDestroying({ intent: shaped.form.intent, input: shaped.input }) && !globals.yes) {
    const losses = await lossesOf({ ...setting, shaped, signal }, reach)
    const { confirm } = await import('./input/confirm.ts')
    if (losses !== null) await confirm(invocation, { io, signal, losses })
  }
  const { form } = shaped
  const streams = followsOneLane(invocation, shaped)
  const printer = makePrinter({ form, globals, io, streams })
  const value = await call({ ...setting, shaped, printer, signal }, reach)
  if (form.kind === 'subscription') return 0
  await printer.answer(value)
  const verdict = verdictOf(shaped, value)
  if (verdict === null) return 0
  io.writeError(reportOf(verdict, isJson(globals, io)))
  return exitOf(verdict)
}

// Words for what does not fit are loaded when something does not.
const toReported = async (thrown: unknown, invocation: Invocation): Promise<DispatchError> => {
  const error = toDispatchError(thrown)
  if (error.code !== 'validation' || error.details === null) return error
  return (await import('./errors/field-words.ts')).inWordsOf(error, invocation)
}

/** Carries an invocation out and gives the exit status; throws what the CLI reports. */
export const execute = async (setting: Setting, reach: Reach): Promise<number> => {
  const { io } = setting
  const ending = new AbortController()
  let isInterrupted = false
  const release = io.onInterrupt(() => {
    isInterrupted = true
    ending.abort(new DispatchError('internal', 'Interrupted.'))
  })
  const onClosed = (): void => ending.abort()
  io.closed.addEventListener('abort', onClosed, { once: true })
  try {
    const status = await perform(setting, reach, ending.signal)
    return isInterrupted ? INTERRUPTED : status
  } catch (thrown) {
    // Whoever read the output has gone: that is no error of ours.
    if (io.closed.aborted) return 0
    if (isInterrupted) return INTERRUPTED
    throw await toReported(thrown, setting.invocation)
  } finally {
    release()
    io.closed.removeEventListener('abort', onClosed)
  }
}
