// watch: a bounded sample of raw App Server events of lanes, as they come.
import type { Call, WatchInput, WatchResult } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { Ingest } from './ingest.ts'

const DEFAULT_LIMIT = 20
const DEFAULT_SECONDS = 10

type Sample = WatchResult['events'][number]

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Another process drives an attached lane, and Codex tells us its turns only where we do.
const notesOf = (lanes: readonly LaneRow[]): string[] =>
  lanes
    .filter(({ source }) => source === 'attached')
    .map(({ handle }) => `${handle} is attached: only changes of its status come here, no turns.`)

/** Takes samples. */
export const makeWatch =
  ({ ingest, clock }: { ingest: Ingest; clock: Clock }) =>
  async (lanes: readonly LaneRow[], input: WatchInput, call: Call): Promise<WatchResult> => {
    const limit = input.limit ?? DEFAULT_LIMIT
    const events: Sample[] = []
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const ids = lanes.map(({ threadId }) => threadId)
    using _tap = ingest.tap(ids, ({ threadId, method, params }) => {
      if (events.length >= limit) return
      events.push({ threadId, method, params: isRecord(params) ? params : {}, requestId: null })
      if (events.length >= limit) resolve(false)
    })
    using _timer = clock.at((input.timeoutSeconds ?? DEFAULT_SECONDS) * 1000, () => resolve(true))
    call.signal.addEventListener('abort', () => resolve(true), { once: true })
    const timedOut = await promise
    return { lanes: lanes.map(rowToIdentity), events, notes: notesOf(lanes), timedOut }
  }
