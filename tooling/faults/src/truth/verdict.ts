// Judges a case, pure: what callers were told and what the registry says, against what Codex has on disk
// and what the model was given. Knows nothing of how dispatch comes to its own judgement.
import type { CallRecord } from '../case/calls.ts'
import type { DeliveryRow, LaneRow, RegistryView } from './registry.ts'
import type { Rollout } from './rollouts.ts'

/**
 * lost: taken, and Codex does not have it. doubled: Codex has it twice. denied: said to have failed, or
 * not there at all, and Codex has it. stuck: something never came to rest. ambiguous: left open where the
 * session file tells. orphan: a thread of ours without a lane. order: a queue out of order. fault: an
 * error that is none of the taxonomy's answers.
 */
export type FindingKind =
  | 'lost'
  | 'doubled'
  | 'denied'
  | 'stuck'
  | 'ambiguous'
  | 'orphan'
  | 'order'
  | 'fault'

/** One thing that is wrong. */
export type Finding = { kind: FindingKind; what: string }

/** All that is known of a case when it is over. */
export type Evidence = {
  calls: readonly CallRecord[]
  registry: RegistryView
  rollouts: readonly Rollout[]
  /** What the model was last given of a thread, where it was asked after the case. */
  given: ReadonlyMap<string, readonly string[]>
  /** What did not come to rest in time. */
  unrest: readonly string[]
}

/** What came of the messages of a case. */
export type Tally = {
  messages: number
  accepted: number
  failed: number
  unrecorded: number
  ambiguous: number
  /** Ambiguous where the session file cannot tell. */
  expectedAmbiguous: number
}

/** The verdict on a case. */
export type Verdict = { findings: Finding[]; tally: Tally }

const count = <T>(all: readonly T[], fits: (one: T) => boolean): number => all.filter(fits).length

type Message = CallRecord & { text: string }

const isMessage = (call: CallRecord): call is Message => call.text !== null

// What Codex has of one message, by every way of looking at it.
const sightingsOf = (message: Message, { rollouts, given }: Evidence, threadId: string | null) => {
  const lines = rollouts.flatMap(({ messages }) => messages)
  const models = threadId === null ? undefined : given.get(threadId)
  return {
    byId: count(lines, ({ as, id }) => as === 'completed' && id === message.id),
    sent: count(lines, ({ as, text }) => as === 'sent' && text === message.text),
    given: models === undefined ? null : count(models, (text) => text === message.text),
  }
}

const laneOfMessage = (message: Message, { registry }: Evidence, row: DeliveryRow | undefined) =>
  row?.threadId ??
  registry.lanes.find(({ callId }) => callId === message.id)?.threadId ??
  message.lane

const isOpenState = (state: string): boolean => state === 'queued' || state === 'submitting'

const judgeMessage = (message: Message, evidence: Evidence): Finding[] => {
  const row = evidence.registry.deliveries.find(({ id }) => id === message.id)
  const seen = sightingsOf(message, evidence, laneOfMessage(message, evidence, row))
  const times = Math.max(seen.byId, seen.sent, seen.given ?? 0)
  const state = row?.state ?? 'none'
  const what = `${message.mode} ${message.id} is ${state}${row?.failure ? ` (${row.failure})` : ''}, told ${message.told ?? message.error ?? message.fate}; Codex has it ${seen.sent} times, completed ${seen.byId}, the model ${seen.given ?? '?'}`
  const find = (kind: FindingKind): Finding[] => [{ kind, what }]
  if (times > 1) return find('doubled')
  if (state === 'accepted') {
    return seen.sent === 0 || seen.given === 0 ? find('lost') : []
  }
  if (state === 'ambiguous') return find('ambiguous')
  if (isOpenState(state)) return find('stuck')
  if (times > 0) return find('denied')
  // A receipt is for good: accepted stays accepted, and what was taken has a row.
  return message.told === 'accepted' || (message.told !== null && !row) ? find('lost') : []
}

const judgeOrder = (lane: LaneRow, evidence: Evidence): Finding[] => {
  const rollout = evidence.rollouts.find(({ threadId }) => threadId === lane.threadId)
  const texts = (rollout?.messages ?? []).filter(({ as }) => as === 'sent').map(({ text }) => text)
  const places = evidence.calls
    .filter(isMessage)
    .filter(({ mode }) => mode === 'queue')
    .map(({ text }) => texts.indexOf(text))
    .filter((place) => place >= 0)
  const isOrdered = places.every((place, at) => at === 0 || place > (places[at - 1] ?? 0))
  return isOrdered
    ? []
    : [{ kind: 'order', what: `queue of ${lane.threadId}: ${places.join(' ')}` }]
}

const OURS = 'dispatch:'

const judgeLanes = ({ calls, registry, rollouts }: Evidence): Finding[] => {
  const begun = new Map<string, string[]>()
  for (const { source, threadId } of rollouts) {
    if (!source?.startsWith(OURS)) continue
    const callId = source.slice(OURS.length)
    begun.set(callId, [...(begun.get(callId) ?? []), threadId])
  }
  const known = new Set(registry.lanes.map(({ threadId }) => threadId))
  const isMade = (call: CallRecord): boolean =>
    registry.lanes.some(({ callId }) => callId === call.id)
  return [
    ...[...begun].flatMap(([callId, threads]): Finding[] => [
      ...(threads.length > 1
        ? [{ kind: 'doubled' as const, what: `new ${callId} made ${threads.join(', ')}` }]
        : []),
      ...threads
        .filter((threadId) => !known.has(threadId))
        .map((threadId) => ({
          kind: 'orphan' as const,
          what: `thread ${threadId} of new ${callId} is no lane`,
        })),
    ]),
    ...calls
      .filter((call) => call.op === 'new' && call.fate === 'answered' && !isMade(call))
      .map(({ id }) => ({
        kind: 'lost' as const,
        what: `new ${id} was answered; there is no lane`,
      })),
  ]
}

const judgeErrors = (calls: readonly CallRecord[]): Finding[] =>
  calls
    .filter(({ error }) => /^(?:internal|no answer):/.test(error ?? ''))
    .map(({ op, id, error }) => ({ kind: 'fault', what: `${op} ${id}: ${error}` }))

// An ambiguous message is one too many only where the session file tells.
const isTellable = (finding: Finding, expected: ReadonlySet<string>): boolean =>
  finding.kind !== 'ambiguous' || ![...expected].some((id) => finding.what.includes(id))

/** Ambiguous messages of which no session file can tell: another one with the same text has no id there. */
const untellable = ({ calls, registry, rollouts }: Evidence): Set<string> => {
  const messages = calls.filter(isMessage)
  const lines = rollouts.flatMap((rollout) => rollout.messages)
  const completed = new Set(lines.flatMap(({ as, id }) => (as === 'completed' ? [id] : [])))
  return new Set(
    registry.deliveries
      .filter(({ id, state }) => state === 'ambiguous' && !completed.has(id))
      .filter(({ id }) => {
        const own = messages.find((message) => message.id === id)
        return messages.some(
          (other) => other.id !== id && other.text === own?.text && !completed.has(other.id),
        )
      })
      .map(({ id }) => id),
  )
}

/** Judges a case. */
export const judgeCase = (evidence: Evidence): Verdict => {
  const { calls, registry } = evidence
  const messages = calls.filter(isMessage)
  const states = messages.map(({ id }) => registry.deliveries.find((row) => row.id === id)?.state)
  const expected = untellable(evidence)
  const findings = [
    ...messages.flatMap((message) => judgeMessage(message, evidence)),
    ...registry.lanes.flatMap((lane) => judgeOrder(lane, evidence)),
    ...judgeLanes(evidence),
    ...judgeErrors(calls),
    ...evidence.unrest.map((what): Finding => ({ kind: 'stuck', what })),
  ].filter((finding) => isTellable(finding, expected))
  return {
    findings,
    tally: {
      messages: messages.length,
      accepted: count(states, (state) => state === 'accepted'),
      failed: count(states, (state) => state === 'failed' || state === 'cancelled'),
      unrecorded: count(states, (state) => state === undefined),
      ambiguous: count(states, (state) => state === 'ambiguous'),
      expectedAmbiguous: expected.size,
    },
  }
}
