// What a person who breaks a call off is told on stderr: the lane that it made or wrote to and the
// receipt of its message. Asked of the daemon, in a second at most; a second Ctrl-C ends that too.
import type { Delivery, TraceResult } from '@dispatch/contract'
import type { Globals } from './commands/global-flags.ts'
import type { Form } from './commands/command.ts'
import type { Remote } from './connection/remote.ts'
import type { Io } from './io.ts'
import { toJson } from './output/json.ts'
import { isJson } from './output/printer.ts'
import { visibleLine } from './output/visible.ts'

type BrokenOff = { form: Form; globals: Globals; io: Io }

const ASK_MS = 1_000

const ask = async (op: string, remote: Remote, io: Io): Promise<TraceResult | null> => {
  const limit = new AbortController()
  const release = io.onInterrupt(() => limit.abort())
  const stop = io.every(ASK_MS, () => limit.abort())
  try {
    return await remote.trace(op, limit.signal)
  } catch {
    return null
  } finally {
    stop()
    release()
  }
}

const TOLD = 10

const receiptOf = ({ id, state }: Delivery): string => `receipt ${id} (${state})`

// Of a call to several lanes; a daemon that is older tells of none.
const takenBy = ({ messages = [] }: Partial<TraceResult>): string[] => {
  const told = messages
    .slice(0, TOLD)
    .map(({ lane, delivery }) => `${lane.handle} (${lane.ref}) ${receiptOf(delivery)}`)
  const more = messages.length - told.length
  return more > 0 ? [...told, `and ${more} lanes more`] : told
}

const sentence = ({ form }: BrokenOff, trace: TraceResult): string => {
  const { lane, delivery } = trace
  const parts = [
    ...(lane ? [`${lane.handle} (${lane.ref})`] : []),
    ...(form.ownsTurn ? ['its turn is being stopped'] : []),
    ...(!form.ownsTurn && lane?.status === 'busy'
      ? [`its turn goes on: dispatch wait ${lane.ref}`]
      : []),
    ...(delivery ? [receiptOf(delivery)] : []),
    ...takenBy(trace),
  ]
  return visibleLine(parts.join('; '))
}

/** Tells it, where there is something to tell. */
export const tellBrokenOff = async (brokenOff: BrokenOff, remote: Remote): Promise<void> => {
  const { form, globals, io } = brokenOff
  if (form.tracedBy === undefined) return
  const trace = await ask(form.tracedBy, remote, io)
  if (trace === null) return
  if (trace.lane === null && trace.delivery === null && takenBy(trace).length === 0) return
  if (isJson(globals, io)) return io.writeError(toJson({ interrupted: { op: form.op, ...trace } }))
  // Over the ^C of the terminal, which is shorter.
  const wipe = io.terminal.stderr ? '\r' : ''
  io.writeError(`${wipe}note: ${sentence(brokenOff, trace)}\n`)
}
