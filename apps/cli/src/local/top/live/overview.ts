// Keeps the lists as they are in the daemon: follows its events and its audit trail, and reads again what
// they tell of. No polling: nothing happens while nothing happens there. What takes long to read is read
// less often, so that looking on never becomes the daemon's main work.
import { type Clock, type DispatchClient, DispatchError } from '@dispatch/client'
import type { DispatchEvent } from '@dispatch/contract'
import { commandToShown } from '@dispatch/contract/command-line'
import { asText } from '../../../output/cell.ts'
import type { Change } from '../model/change.ts'
import { readStale } from './reading.ts'
import { addStale, isStale, makeStale, markEvent, markOp } from './stale.ts'

/** What the overview works with. */
export type OverviewOptions = {
  api: DispatchClient['api']
  clock: Clock
  signal: AbortSignal
  change: (change: Change) => void
}

/** A turn changes its lane several times at once. */
const GATHER_MS = 100
/** At most a fifth of the time is spent reading. */
const SHARE = 4
/** What could not be read is asked for again, whether or not anything happens. */
const AGAIN_MS = 2_000
const DOING_MAX = 300

// Items that have no text when they begin.
const unsaid: Record<string, string> = { agentMessage: 'writes', reasoning: 'thinks' }

const PROMPT = '$ '

// A command as it is run; when it is done, its output stands behind it.
const withoutShell = (text: string): string =>
  text.startsWith(PROMPT) ? PROMPT + commandToShown(text.slice(PROMPT.length)) : text

// What a lane does now; null where its turn is over, undefined where the event says nothing of it.
const doingOf = ({ type, data }: DispatchEvent): string | null | undefined => {
  if (/^turn\.(completed|failed|interrupted)$/.test(type)) return null
  if (type === 'turn.retrying') return `tries again: ${asText(data['message'])}`
  if (type !== 'item.started' && type !== 'item.completed') return undefined
  const isCommand = data['type'] === 'commandExecution'
  if (isCommand && type === 'item.completed') return undefined
  const said = asText(data['text'])
  const text = (isCommand ? withoutShell(said) : said).slice(0, DOING_MAX)
  return text === '' ? (unsaid[asText(data['type'])] ?? asText(data['type'])) : text
}

const sayError = (error: unknown): Change => ({
  kind: 'notice',
  notice: { tone: 'error', text: error instanceof Error ? error.message : String(error) },
})

/** Follows until the signal aborts; throws what the daemon refuses. */
export const followOverview = async (options: OverviewOptions): Promise<void> => {
  const { api, clock, change } = options
  const failing = new AbortController()
  const signal = AbortSignal.any([options.signal, failing.signal])
  const stale = makeStale(false)
  let isReading = false
  const timer: { callOff: (() => void) | null } = { callOff: null }

  const read = async (): Promise<void> => {
    timer.callOff = null
    const began = clock.monotonic()
    const work = makeStale(false)
    addStale(work, stale)
    Object.assign(stale, makeStale(false))
    isReading = true
    try {
      await readStale(work, { api, signal, change })
    } catch (error) {
      if (signal.aborted) return
      addStale(stale, work)
      // A daemon that is gone is said elsewhere, and all of this read again when it is back.
      const isGone = error instanceof DispatchError && error.code === 'daemon_unreachable'
      isReading = false
      if (isGone) return
      change(sayError(error))
      return schedule(AGAIN_MS)
    } finally {
      isReading = false
    }
    if (isStale(stale)) schedule(Math.max(GATHER_MS, SHARE * (clock.monotonic() - began)))
  }

  const schedule = (ms: number): void => {
    if (isReading || signal.aborted) return
    timer.callOff ??= clock.after(ms, () => void read())
  }

  const readAll = (): void => {
    addStale(stale, makeStale(true))
    schedule(0)
  }

  const followEvents = async (): Promise<void> => {
    const events = api.watchFollow(
      { deltas: false },
      {
        signal,
        autostart: false,
        onBegin: readAll,
        onLost: () => change({ kind: 'link', link: 'lost' }),
        onBack: () => {
          change({ kind: 'link', link: 'live' })
          readAll()
        },
      },
    )
    for await (const { data } of events) {
      const event = data
      const doing = doingOf(event)
      if (event.lane && doing !== undefined) {
        change({ kind: 'doing', laneId: event.lane.id, what: doing })
      }
      markEvent(stale, event)
      if (isStale(stale)) schedule(GATHER_MS)
    }
  }

  const followOps = async (): Promise<void> => {
    const rows = api.daemon.logFollow({ limit: 0 }, { signal, autostart: false })
    for await (const { data } of rows) {
      markOp(stale, data)
      if (isStale(stale)) schedule(GATHER_MS)
    }
  }

  try {
    await Promise.all([followEvents(), followOps()])
  } finally {
    failing.abort()
    timer.callOff?.()
  }
}
