// When each event comes and what its data holds, in this version: what the contract does not say. The
// type makes a new event without words a fault of the compiler.
import type { EventType } from '@dispatch/contract'

/** Words for one type. */
export type EventWords = {
  when: string
  /** Fields of `data`; those in brackets are not always there. */
  data: string
  /** Whether it is kept in the log and has a cursor. Default true. */
  live?: true
}

const endOfTurn = 'turnId, durationMs, error, lastMessage'
const request = 'requestId, kind, threadId, turnId, itemId'
const occurrence = 'triggerId, name, runId, cause, scheduledAt'
const item = 'id, turnId, type, text, status, startedAt, completedAt'

/** The words of every type, in the order of the reference. */
export const eventWords: Record<EventType, EventWords> = {
  'lane.created': {
    when: 'A lane was made; `forkedFrom` is the thread that it has its history from.',
    data: 'title, cwd, source, ephemeral, [forkedFrom]',
  },
  'lane.attached': {
    when: 'An existing thread was registered; `origin` is what started it.',
    data: 'title, cwd, source, origin',
  },
  'lane.adopted': { when: 'An attached lane became an own one.', data: 'title' },
  'lane.renamed': {
    when: 'A lane has another title, by `rename` or from another Codex program.',
    data: 'from, to, [handle]',
  },
  'lane.settings-changed': {
    when: 'Reserved: no op of this version changes the settings of a lane.',
    data: '-',
  },
  'lane.status-changed': { when: 'The status of a lane changed.', data: 'from, to, [reason]' },
  'lane.archived': {
    when: 'A lane was archived, or an ephemeral one was lost with its App Server.',
    data: '[reason]',
  },
  'lane.restored': { when: 'An archived lane came back.', data: 'handle' },
  'lane.rolled-back': {
    when: 'The newest turns of a lane were taken out of its history; `turns` are their ids.',
    data: 'turns, latestTurnId',
  },
  'lane.detached': {
    when: 'A lane was forgotten. `lane` is null from then on, so `data` says which it was.',
    data: 'ref, handle, title, source',
  },
  'lane.stalled': {
    when: 'Its turn has given no sign of life for too long; `interrupting`: it is stopped for that.',
    data: 'turnId, silentSeconds, reason, interrupting',
  },
  'lane.recovered': {
    when: 'The turn of a stalled lane gave a sign of life. A turn that ends says so itself.',
    data: 'turnId',
  },
  'turn.started': { when: 'Codex started a turn.', data: 'turnId' },
  'turn.retrying': {
    when: 'Codex did not reach its model and tries again; the turn goes on.',
    data: 'turnId, message, details, kind, httpStatus',
    live: true,
  },
  'turn.completed': { when: 'A turn came to its end.', data: endOfTurn },
  'turn.failed': { when: 'A turn failed; `error` says why.', data: endOfTurn },
  'turn.interrupted': {
    when: 'A turn was stopped, or cut by the loss of the App Server (`reason`). An end that Codex tells after all of one that was cut follows as an event of its own.',
    data: `${endOfTurn}, [reason]`,
  },
  'item.started': { when: 'A message, a command or another item began.', data: item },
  'item.completed': { when: 'An item is complete.', data: item },
  'item.delta': {
    when: 'Text of an item as it streams.',
    data: 'turnId, itemId, stream, text',
    live: true,
  },
  'delivery.queued': {
    when: 'A message is on disk here and waits for its turn; with `retryOf` it does that one again, by itself not before `nextAttemptAt`. Told again when it was on its way, Codex surely never had it, and it waits once more.',
    data: 'deliveryId, mode, textLength, [retryOf], [nextAttemptAt]',
  },
  'delivery.submitting': {
    when: 'A message is on disk here and on its way to Codex.',
    data: 'deliveryId, mode, textLength',
  },
  'delivery.accepted': {
    when: 'The message is durable in Codex.',
    data: 'deliveryId, turnId, failure',
  },
  'delivery.failed': {
    when: 'Codex surely does not have the message.',
    data: 'deliveryId, turnId, failure',
  },
  'delivery.ambiguous': {
    when: 'Nothing can tell whether Codex has the message.',
    data: 'deliveryId, turnId, failure',
  },
  'delivery.cancelled': {
    when: 'A message that waited was taken out of its queue.',
    data: 'deliveryId, mode',
  },
  'delivery.discarded': {
    when: 'A person gave up a message of which nothing can tell whether Codex has it.',
    data: 'deliveryId, mode',
  },
  'queue.paused': { when: 'A person holds what waits for the lane.', data: 'waiting' },
  'queue.resumed': { when: 'A person lets go on what waits for the lane.', data: 'waiting' },
  'request.opened': {
    when: 'Codex asks for a decision or an answer; `request get` shows what.',
    data: `${request}, method, offered, expiresAt`,
  },
  'request.answered': {
    when: 'A person or the policy answered it; `by` says who.',
    data: `${request}, state, decision, by, [rule]`,
  },
  'request.expired': {
    when: 'Its time ran out, so it was declined or cancelled.',
    data: `${request}, state, decision, by`,
  },
  'request.closed': {
    when: 'It needs no answer any more; `state` says why: elsewhere, withdrawn or lost.',
    data: `${request}, state, decision, by`,
  },
  'goal.changed': {
    when: 'The goal of a lane was set, changed or cleared; `status` is null when it was cleared. What it counts is in `get`.',
    data: 'from, status, objective, tokenBudget, tokensUsed',
  },
  'trigger.fired': {
    when: 'A trigger fired: its message was handed over as `deliveryId`.',
    data: `${occurrence}, deliveryId`,
  },
  'trigger.skipped': {
    when: 'A trigger did not fire; `reason` says why, as in `trigger runs`.',
    data: `${occurrence}, reason, detail`,
  },
  'trigger.failed': {
    when: 'A trigger fired and its message could not be handed over.',
    data: `${occurrence}, reason, detail`,
  },
  'trigger.disabled': {
    when: 'dispatch gave a trigger up; `trigger resume` lets it fire again.',
    data: 'triggerId, name, reason',
  },
  'usage.updated': {
    when: 'Codex counted tokens of a lane.',
    data: 'totalTokens, inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens, contextWindow',
  },
  'codex.started': { when: 'An App Server was started and answers.', data: 'version, pid' },
  'codex.joined': {
    when: 'The App Server that was running already was joined again.',
    data: 'version, pid',
  },
  'codex.lost': { when: 'The connection to the App Server ended.', data: 'dead, reason' },
  'daemon.started': { when: 'The daemon started.', data: 'version, pid' },
  gap: { when: 'Something is missing here; see below.', data: 'kind, [from], [to]' },
}
