// What waits for a person, counted and worded once, with the command that ends it: `daemon status` says
// it as warnings, `doctor` as findings.
import type { Check } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import { holdToWords } from '../deliveries/why-waits.ts'

/**
 * ambiguous: messages of which nobody can tell whether Codex has them. pending: requests of Codex.
 * cut: lanes whose latest turn was cut and stopped by nobody. stalled: lanes whose turn has fallen
 * silent. held: lanes that hold what waits for them. disabled: triggers that were given up. failing:
 * triggers whose last tries failed, and that go on trying.
 */
export type AttentionKind =
  | 'ambiguous'
  | 'pending'
  | 'cut'
  | 'stalled'
  | 'held'
  | 'disabled'
  | 'failing'

/** One that waits; without a command where the one for all is enough. */
type Named = { fact: string; command: string | null; data: Check['data'] }

/** All of a kind. */
export type Attention = {
  count: number
  /** How many there are, a sentence without its end. */
  summary: string
  /** What ends it, or the first of them; null where there is none. */
  command: string | null
  /** The first of them, so many at most as are told. */
  named: Named[]
}

/** Of each kind so many are named. */
const NAMED_MAX = 20

const unknown = 'no reason known'

type Counted = {
  count: number
  /** Asked where there are any. */
  named: () => Named[]
  one: string
  many: string
}

/** How many there are, in words. */
export const countToWords = (count: number, one: string, many: string): string =>
  count === 1 ? `A ${one}` : `${count} ${many}`

const counted = ({ count, named: find, one, many }: Counted): Attention => {
  const named = count === 0 ? [] : find()
  return {
    count,
    summary: countToWords(count, one, many),
    command: named[0]?.command ?? null,
    named,
  }
}

const ambiguousOf = (store: Store): Attention => {
  const { ambiguous: count } = store.deliveries.counts()
  return counted({
    count,
    one: 'message needs a person',
    many: 'messages need a person',
    named: () =>
      store.deliveries.ambiguous(NAMED_MAX).map(({ id, threadId }) => ({
        fact: `Whether Codex has message ${id} of ${store.lanes.get(threadId)?.handle} cannot be told`,
        command: `dispatch delivery reconcile ${id}, then retry or discard`,
        data: { id, laneId: threadId },
      })),
  })
}

const pendingOf = (store: Store): Attention => {
  const count = store.requests.countPending()
  const placeOf = (laneId: string | null): string =>
    (laneId === null ? undefined : store.lanes.get(laneId))?.handle ?? 'no lane of dispatch'
  const attention = counted({
    count,
    one: 'request waits for a person',
    many: 'requests wait for a person',
    named: () =>
      store.requests
        .pending()
        .slice(0, NAMED_MAX)
        .map(({ id, laneId, ask: { kind } }) => ({
          fact: `Request ${id} (${kind}) of ${placeOf(laneId)} waits`,
          command: null,
          data: { id, laneId, kind },
        })),
  })
  const command = count === 0 ? null : 'dispatch request list, then approve, deny or respond'
  return { ...attention, command }
}

const cutOf = (store: Store): Attention => {
  const count = store.lanes.countCut()
  return counted({
    count,
    one: 'lane was cut off in its turn',
    many: 'lanes were cut off in their turns',
    named: () =>
      store.lanes.cut(NAMED_MAX).map(({ lane, reason }) => ({
        fact: `${lane.handle} was cut off in its turn (${reason})`,
        command: `dispatch tail ${lane.ref}, then dispatch send ${lane.ref} ...`,
        data: { ref: lane.ref, id: lane.threadId, reason },
      })),
  })
}

const stalledOf = (store: Store): Attention =>
  counted({
    count: store.lanes.marks().stalled,
    one: 'lane is stalled',
    many: 'lanes are stalled',
    named: () =>
      store.lanes.stalled(NAMED_MAX).map(({ ref, handle, threadId, stalledReason }) => ({
        fact: `${handle} is stalled (${stalledReason ?? unknown})`,
        command: `dispatch tail ${ref}, then dispatch stop ${ref}`,
        data: { ref, id: threadId, reason: stalledReason },
      })),
  })

const heldOf = (store: Store): Attention =>
  counted({
    count: store.lanes.queues().held,
    one: 'lane holds what waits for it',
    many: 'lanes hold what waits for them',
    named: () =>
      store.lanes.holding(NAMED_MAX).map(({ ref, handle, threadId, heldFor }) => ({
        fact: `${handle} holds what waits for it (${holdToWords(heldFor)})`,
        command: `dispatch queue list ${ref}, then dispatch queue resume ${ref}`,
        data: { ref, id: threadId },
      })),
  })

const disabledOf = (store: Store): Attention => {
  const { disabled: count } = store.triggers.counts()
  const query = { laneId: null, limit: NAMED_MAX, after: null, state: 'disabled' as const }
  return counted({
    count,
    one: 'trigger was disabled',
    many: 'triggers were disabled',
    named: () =>
      store.triggers.list(query).map(({ id, name, reason }) => ({
        fact: `Trigger ${name} was disabled (${reason ?? unknown})`,
        command: `dispatch trigger resume ${id}`,
        data: { id, name, reason },
      })),
  })
}

const failingOf = (store: Store): Attention =>
  counted({
    count: store.triggers.countFailing(),
    one: 'trigger is failing',
    many: 'triggers are failing',
    named: () =>
      store.triggers.failing(NAMED_MAX).map(({ id, name, failures }) => {
        const why = store.triggerRuns.newestFailed(id)?.detail ?? unknown
        return {
          fact: `Trigger ${name} is failing, ${failures} ${failures === 1 ? 'time' : 'times'} by now (${why})`,
          command: `dispatch trigger runs ${id}`,
          data: { id, name, failures, reason: why },
        }
      }),
  })

const readers: Record<AttentionKind, (store: Store) => Attention> = {
  ambiguous: ambiguousOf,
  pending: pendingOf,
  cut: cutOf,
  stalled: stalledOf,
  held: heldOf,
  disabled: disabledOf,
  failing: failingOf,
}

/** What of a kind waits for a person. */
export const attentionOf = (store: Store, kind: AttentionKind): Attention => readers[kind](store)

const linesOf = (attention: Attention, lineOf: (named: Named) => string): string[] => {
  const more = attention.count - attention.named.length
  const lines = attention.named.map(lineOf)
  return more > 0 ? [...lines, `And ${more} more like the one before.`] : lines
}

/** The facts, a line each. */
export const attentionToFacts = (attention: Attention): string[] =>
  linesOf(attention, ({ fact }) => `${fact}.`)

/** A sentence each, with its command; one for all where one command is enough. */
export const attentionToWarnings = (attention: Attention): string[] => {
  const { count, summary, command, named } = attention
  if (count === 0) return []
  if (named[0]?.command === null) return [`${summary}: ${command}`]
  return linesOf(attention, (one) => `${one.fact}: ${one.command}`)
}

/** The kinds, the gravest first. */
export const attentionKinds: readonly AttentionKind[] = [
  'ambiguous',
  'pending',
  'cut',
  'stalled',
  'held',
  'disabled',
  'failing',
]
