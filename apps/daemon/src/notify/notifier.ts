// Tells a person what happens: follows the events from now on and hands those that the configuration names
// to its program, a few at a time. Nothing waits for it, and what it says of itself is in the log.
import type { DaemonConfig, DispatchEvent } from '@dispatch/contract'
import { noticeEvents } from '@dispatch/contract'
import type { RequestRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Host } from '../host/host.ts'
import type { Log } from '../log/log.ts'
import { eventToText, type Notice } from './notice.ts'
import { type Ran, runProgram } from './spawn.ts'

/** What it needs. */
export type NotifierOptions = {
  store: Store
  events: EventLog
  clock: Clock
  log: Log
  host: Pick<Host, 'env' | 'kill'>
  configuration: { daemon(): DaemonConfig }
}

/** Tells. */
export type Notifier = AsyncDisposable & {
  /** Runs the program now; null where the configuration names none. Rejects nothing. */
  tell(notice: Notice, signal: AbortSignal): Promise<(Ran & { program: string }) | null>
}

const AT_ONCE = 4
const WAITING_MAX = 100
const LIMIT_MS = 10_000
const AGAIN_MS = 1_000

const noticeToEnv = ({ text, event, lane }: Notice): Record<string, string> => ({
  DISPATCH_TEXT: text,
  DISPATCH_EVENT: event?.type ?? 'notify',
  ...(lane === null
    ? {}
    : { DISPATCH_LANE: lane.handle, DISPATCH_REF: lane.ref, DISPATCH_THREAD: lane.threadId }),
})

/** Follows until disposed, which ends what still runs. */
export const makeNotifier = (options: NotifierOptions): Notifier => {
  const { store, events, clock, log, host } = options
  const ending = new AbortController()
  const waiting: Notice[] = []
  const running = new Set<Promise<void>>()

  const tell: Notifier['tell'] = async (notice, signal) => {
    const { command } = options.configuration.daemon().notify
    if (command === undefined) return null
    const ran = await runProgram({
      command,
      clock,
      kill: host.kill,
      signal,
      limitMs: LIMIT_MS,
      env: { ...host.env, ...noticeToEnv(notice) },
      input: `${JSON.stringify({ text: notice.text, event: notice.event })}\n`,
    })
    return { ...ran, program: command[0] ?? '' }
  }

  const told = async (notice: Notice): Promise<void> => {
    const ran = await tell(notice, ending.signal)
    if (ran === null || ran.status === 0 || ending.signal.aborted) return
    log.warn('notify.failed', { binary: ran.program, exitCode: ran.status, ms: ran.ms })
  }

  const go = (): void => {
    while (running.size < AT_ONCE && !ending.signal.aborted) {
      const next = waiting.shift()
      if (next === undefined) return
      const one = told(next).finally(() => {
        running.delete(one)
        go()
      })
      running.add(one)
    }
  }

  const requestOf = ({ data }: DispatchEvent): RequestRow | null => {
    const id = data['requestId']
    return typeof id === 'string' ? store.requests.get(id) : null
  }

  // A turn after which the next message goes is not the end of the work, what a rule has answered by now
  // is asked of nobody, and who stops a turn knows it: one that nobody stopped has a reason.
  const isNews = (event: DispatchEvent): boolean => {
    const { type, lane, data } = event
    if (type === 'request.opened') return requestOf(event)?.state === 'pending'
    if (type === 'turn.interrupted') return typeof data['reason'] === 'string'
    if (type !== 'turn.completed' || lane === null) return true
    return !store.deliveries.unsettled(lane.id).some(({ state }) => state === 'queued')
  }

  const take = (event: DispatchEvent): void => {
    const { command, on } = options.configuration.daemon().notify
    const wanted: readonly string[] = on
    if (command === undefined || !wanted.includes(event.type) || !isNews(event)) return
    const lane = event.lane === null ? null : store.lanes.get(event.lane.id)
    waiting.push({ text: eventToText(event, { lane, request: requestOf(event) }), event, lane })
    if (waiting.length > WAITING_MAX) {
      log.warn('notify.dropped', { event: waiting.shift()?.event?.cursor })
    }
    go()
  }

  let timer: Disposable | null = null
  const run = async (after: string | null): Promise<void> => {
    let seen = after
    try {
      const query = { threadIds: null, types: noticeEvents, live: false, own: true }
      for await (const { data } of events.follow({ ...query, after, signal: ending.signal })) {
        seen = data.cursor ?? seen
        take(data)
      }
    } catch (error) {
      if (ending.signal.aborted) return
      log.error('notify.follow-failed', { error })
      timer = clock.at(AGAIN_MS, () => void run(seen))
    }
  }
  const following = run(events.lastCursor())

  return {
    tell,
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      timer?.[Symbol.dispose]()
      await Promise.all([following, ...running])
    },
  }
}
