// Judges a case, pure: what callers were told and what the registry says, against what Codex has on disk
// and what the model was given. Knows nothing of how dispatch comes to its own judgement.
import type { CallRecord } from '../case/calls.ts'
import { AGENT, agentTexts } from '../ops/agents.ts'
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
  /** Files of commands that ran more than once. */
  ranTwice: readonly string[]
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

/** A message with everything that is known of it; `alike` are all of its lane with its text, itself too. */
type Known = { message: Message; row: DeliveryRow | undefined; alike: DeliveryRow[] }

const isMessage = (call: CallRecord): call is Message => call.text !== null

const knowMessage = (message: Message, { calls, registry }: Evidence): Known => {
  const texts = new Map(calls.filter(isMessage).map(({ id, text }) => [id, text]))
  const row = registry.deliveries.find(({ id }) => id === message.id)
  const alike = registry.deliveries.filter(({ id }) => texts.get(id) === message.text)
  return { message, row, alike }
}

// What Codex has of one message, by every way of looking at it.
const sightingsOf = ({ message }: Known, { rollouts, given, registry }: Evidence) => {
  const lines = rollouts.flatMap(({ messages }) => messages)
  const row = registry.deliveries.find(({ id }) => id === message.id)
  const made = registry.lanes.find(({ callId }) => callId === message.id)
  const models = given.get(row?.threadId ?? made?.threadId ?? message.lane ?? '')
  return {
    // Context has no completion: its line in the session file has the id.
    byId: count(
      lines,
      ({ as, id }) =>
        id === message.id && as === (message.mode === 'context' ? 'sent' : 'completed'),
    ),
    sent: count(lines, ({ as, text }) => as === 'sent' && text === message.text),
    given: models ? count(models, (text) => text === message.text) : null,
  }
}

const isOpenState = (state: string): boolean => state === 'queued' || state === 'submitting'

const judgeMessage = (known: Known, evidence: Evidence): Finding[] => {
  const { message, row, alike } = known
  const seen = sightingsOf(known, evidence)
  const state = row?.state ?? 'none'
  const what = `${message.mode} ${message.id} is ${state}${row?.failure ? ` (${row.failure})` : ''}, told ${message.told ?? message.error ?? message.fate}; Codex has it ${seen.sent} times, completed ${seen.byId}, the model ${seen.given ?? '?'}`
  const find = (kind: FindingKind): Finding => ({ kind, what })
  const wanted = count(alike, (one) => one.state === 'accepted')
  const open = count(alike, (one) => one.state === 'ambiguous')
  const times = [seen.sent, ...(seen.given === null ? [] : [seen.given])]
  const most = Math.max(...times)
  const least = Math.min(...times)
  const findings: Finding[] = []
  if (state === 'ambiguous') findings.push(find('ambiguous'))
  else if (isOpenState(state)) findings.push(find('stuck'))
  else if (state === 'accepted') {
    if (least < wanted) findings.push(find('lost'))
    if (seen.byId > 1 || most > wanted + open) findings.push(find('doubled'))
  } else {
    // A receipt is for good: what was accepted stays so, and what was taken has a row.
    if (message.told === 'accepted' || (message.told !== null && !row)) findings.push(find('lost'))
    if (seen.byId > 0 || most > wanted + open) findings.push(find('denied'))
  }
  return findings
}

const judgeOrder = (lane: LaneRow, evidence: Evidence): Finding[] => {
  if (evidence.calls.some(({ op }) => op === 'queue.move')) return []
  const rollout = evidence.rollouts.find(({ threadId }) => threadId === lane.threadId)
  const texts = (rollout?.messages ?? []).filter(({ as }) => as === 'sent').map(({ text }) => text)
  const asked = evidence.calls.filter(isMessage)
  const places = asked
    // When a trigger's came to its queue no caller knows.
    .filter(({ mode, op }) => mode === 'queue' && op !== 'trigger.fire')
    // Of equal texts it cannot be told which is which, nor which of them is there.
    .filter(({ text }) => count(asked, (other) => other.text === text) === 1)
    .filter(({ text }) => texts.indexOf(text) === texts.lastIndexOf(text))
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

// A trigger of a time fires once, whatever kind has each occurrence once; what became of the message is
// judged like any other.
const judgeTriggers = ({ calls, registry }: Evidence): Finding[] =>
  calls
    .filter(({ op }) => op === 'trigger.add')
    .flatMap(({ id, fate }): Finding[] => {
      const row = registry.triggers.find((trigger) => trigger.id === id)
      const removal = calls.find(({ op, about }) => op === 'trigger.rm' && about === id)
      const keys = registry.runs.flatMap(({ triggerId, key }) => (triggerId === id ? [key] : []))
      const times = count(keys, (key) => !key.startsWith(MANUAL))
      const what = `trigger ${id}, ${fate}, is ${row?.state ?? 'none'} and has ${times} occurrences`
      const find = (kind: FindingKind): Finding[] => [{ kind, what }]
      if (removal?.fate === 'answered' && (row || keys.length > 0)) return find('denied')
      if (!row) return fate === 'answered' && !removal ? find('lost') : []
      if (new Set(keys).size < keys.length) return find('doubled')
      if (row.kind !== 'at') return []
      if (times > 1) return find('doubled')
      return times === 0 ? find('lost') : []
    })

const MANUAL = 'manual:'

// Who sets one off is answered with what became of it, and sets it off once.
const judgeManual = ({ calls, registry }: Evidence): Finding[] =>
  calls
    .filter(({ op, fate }) => op === 'trigger.run' && fate === 'answered')
    .filter(({ about }) => registry.triggers.some(({ id }) => id === about))
    .flatMap(({ id }): Finding[] => {
      const times = count(registry.runs, ({ key }) => key === `${MANUAL}${id}`)
      const kind = times === 0 ? 'lost' : 'doubled'
      return times === 1 ? [] : [{ kind, what: `trigger.run ${id} has ${times} occurrences` }]
    })

// What an agent says to the lane that it makes comes there once, however often Codex asked for it.
const judgeAgents = ({ calls, rollouts }: Evidence): Finding[] => {
  const sent = rollouts.flatMap(({ messages }) => messages).filter(({ as }) => as === 'sent')
  return calls
    .filter(({ about }) => about?.startsWith(AGENT))
    .flatMap(({ about, id }) =>
      agentTexts(about?.slice(AGENT.length) ?? '').map((text) => ({ id, text })),
    )
    .flatMap(({ id, text }): Finding[] => {
      const times = count(sent, (one) => one.text.endsWith(`\n\n${text}`))
      return times > 1
        ? [{ kind: 'doubled', what: `"${text}" of the agent of ${id}, ${times} times` }]
        : []
    })
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
    ...messages.flatMap((message) => judgeMessage(knowMessage(message, evidence), evidence)),
    ...registry.lanes.flatMap((lane) => judgeOrder(lane, evidence)),
    ...judgeLanes(evidence),
    ...judgeTriggers(evidence),
    ...judgeManual(evidence),
    ...judgeAgents(evidence),
    ...judgeErrors(calls),
    ...evidence.ranTwice.map((file): Finding => ({ kind: 'doubled', what: `command of ${file}` })),
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
