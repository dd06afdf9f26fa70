// The room of triggers over a bench: messages are accepted at once, unless a test holds them.
import { type Call, DispatchError } from '@dispatch/contract'
import {
  DiskFullError,
  type TriggerPatch,
  type TriggerRow,
  type TriggerRunRow,
} from '@dispatch/store'
import { makeAudit } from '../src/audit/audit.ts'
import type { CodexLink } from '../src/codex/codex-link.ts'
import type { EventLog } from '../src/events/event-log.ts'
import { makeSignal } from '../src/events/signal.ts'
import { makeLaneFinder } from '../src/lanes/lane-resolver.ts'
import { makeTriggers, type Triggers } from '../src/triggers/triggers.ts'
import type { Outgoing } from '../src/turns/sending.ts'
import { type Bench, call, deliveryRow, triggerRow, triggerRunRow, triggerSpec } from './bench.ts'

/** The room, with what it said. */
export type TriggerRoom = AsyncDisposable & {
  triggers: Triggers
  trigger: Triggers['service']
  /** Lane and text of each message that was handed over. */
  said: [string, string][]
  runs(id?: string): TriggerRunRow[]
  /** A call of a person, each another one. */
  person(): Call
}

/** Its events, which cannot be committed while `isFull` says so. */
export const fullEvents = (events: EventLog, isFull: () => boolean): EventLog => ({
  ...events,
  commit: (write, options) => {
    if (isFull()) throw new DiskFullError('the disk of registry.db is full', 'registry.db')
    return events.commit(write, options)
  },
})

/** What differs from a room whose messages are taken at once. */
export type TriggerRoomOptions = {
  /** Waited for before a message is taken; what it throws refuses it. */
  before?: (outgoing: Outgoing) => Promise<void> | void
  isDraining?: () => boolean
  /** Whether Codex is there, so that what is due waits for how lanes stand. */
  hasCodex?: boolean
  /** Throws where no lane can be made in that directory. */
  checkPresets?: (presets: readonly string[], cwd: string) => void
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }
let ids = 0

const nextId = (): string => {
  ids += 1
  return `01900000-0000-7000-8000-${String(ids).padStart(12, '0')}`
}

/** Opens the room. */
export const makeTriggerRoom = (bench: Bench, options: TriggerRoomOptions = {}): TriggerRoom => {
  const { store, clock } = bench
  const said: [string, string][] = []
  const triggers = makeTriggers({
    ...bench,
    log: silent,
    audit: makeAudit({ store, clock, log: silent, appended: makeSignal(silent) }),
    link: {
      current: () => null,
      client: () =>
        options.hasCodex === true
          ? Promise.resolve(null)
          : Promise.reject(new DispatchError('app_server', 'There is no Codex.')),
    } as unknown as CodexLink,
    sending: {
      send: async ({ threadId }, outgoing, { id }) => {
        await options.before?.(outgoing)
        const { mode, text } = outgoing
        store.deliveries.insert(deliveryRow(id, threadId, { mode, text, state: 'accepted' }))
        said.push([threadId, text])
        return undefined as never
      },
    },
    newLane: () => Promise.reject(new DispatchError('internal', 'No lanes are made here.')),
    archive: () => Promise.reject(new DispatchError('internal', 'Nothing is archived here.')),
    find: makeLaneFinder(store),
    checkPresets: options.checkPresets ?? (() => undefined),
    isDraining: options.isDraining ?? (() => false),
    newId: nextId,
  })
  return {
    triggers,
    trigger: triggers.service,
    said,
    runs: (triggerId = 't') =>
      store.triggerRuns.list({ triggerId, outcome: null, limit: 100, before: null }).toReversed(),
    person: () => call({ id: nextId() }),
    [Symbol.asyncDispose]: async () => {
      await triggers[Symbol.asyncDispose]()
      await triggers.drained()
    },
  }
}

/** A trigger every so many ms that is looked at as it says. */
export const everyRow = (
  everyMs: number,
  part: Omit<TriggerPatch, 'spec'> & { nextAt: number; spec?: Partial<TriggerRow['spec']> },
): TriggerRow =>
  triggerRow('t', {
    scheduledAt: part.nextAt,
    ...part,
    spec: triggerSpec({ everyMs, ...part.spec }),
  })

/** A planned occurrence of trigger `t`. */
export const runRow = (id: string, part: Partial<TriggerRunRow> = {}): TriggerRunRow =>
  triggerRunRow(id, 't', {
    key: `time:${id}`,
    outcome: 'planned',
    text: 'hi',
    firedAt: null,
    ...part,
  })
