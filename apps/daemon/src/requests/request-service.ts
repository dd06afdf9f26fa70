// The ops on requests: find, refuse, hand to who does it.
import {
  type Call,
  type DaemonServices,
  DispatchError,
  type EventStream,
  type Request,
  type RequestAnswered,
  type RequestDecision,
  type RequestFollowInput,
} from '@dispatch/contract'
import type { LaneRow, RequestRow, Store } from '@dispatch/store'
import { type Audit, type AuditNote, textToShape } from '../audit/audit.ts'
import type { Answer } from '../codex/asked.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Answering } from './answering.ts'
import { requestOf } from './find-request.ts'
import { rowToRequest } from './request-view.ts'
import { givenToAnswer } from './respond.ts'

type ServiceOptions = {
  store: Store
  audit: Audit
  events: EventLog
  answering: Answering
  /** The lane whose requests are shown. */
  resolve: (selector: string) => LaneRow
  /** The lane whose request is meant. */
  named: (selector: string) => LaneRow
}

const LIST_LIMIT = 50

const ruleNote = (row: RequestRow): string[] => {
  if (row.decision === 'approve_with_rule') {
    const what = row.ask.rule?.join(' ') ?? ''
    return [
      `Codex keeps the rule (${what}): it holds for all lanes, and for every other Codex of this CODEX_HOME.`,
    ]
  }
  return []
}

/** Makes the ops. */
export const makeRequestService = (options: ServiceOptions): DaemonServices['request'] => {
  const { store, audit, events, answering } = options
  const laneIdOf = (selector: string | undefined): string | null =>
    selector === undefined ? null : options.resolve(selector).threadId

  const view = (row: RequestRow): Request => rowToRequest(store, row)

  const note = (about: AuditNote, row: RequestRow, decision: RequestDecision): void => {
    about.detail({ request: row.id, kind: row.ask.kind, decision })
    const lane = row.laneId === null ? null : store.lanes.get(row.laneId)
    if (lane) about.lane(lane)
  }

  const answer = async (
    answered: { id: string; answer: Answer; message?: string | undefined; call: Call },
    about: AuditNote,
  ): Promise<RequestAnswered> => {
    const { id, message = null, ...said } = answered
    const row = requestOf(options, id, said.call)
    note(about, row, said.answer.decision)
    const now = await answering.answer({ ...said, row, message })
    return { ...view(now), notes: ruleNote(now) }
  }

  async function* follow(input: RequestFollowInput, call: Call): EventStream<Request> {
    const laneId = laneIdOf(input.lane)
    const { state = 'pending' } = input
    const after = call.after ?? events.lastCursor()
    // By default what is pending and how it ends.
    const isWanted = (row: RequestRow): boolean =>
      (laneId === null || row.laneId === laneId) &&
      (state === 'all' || state === 'pending' || row.state === state)
    if (call.after === null) {
      if (state === 'all' || state === 'pending') {
        for (const row of store.requests.pending()) {
          if (isWanted(row)) yield { cursor: null, data: view(row) }
        }
      }
      yield { cursor: after, data: null }
    }
    const live = events.follow({
      after,
      threadIds: laneId === null ? null : [laneId],
      types: ['request.opened', 'request.answered', 'request.expired', 'request.closed'],
      live: false,
      signal: call.signal,
    })
    for await (const { cursor, data } of live) {
      const row = store.requests.get(String(data.data['requestId']))
      if (row && isWanted(row)) yield { cursor, data: view(row) }
    }
  }

  return {
    list: (input) => {
      const { state = 'pending' } = input
      const page = store.requests.list({
        limit: input.limit ?? LIST_LIMIT,
        cursor: input.cursor ?? null,
        laneId: laneIdOf(input.lane),
        state: state === 'all' ? null : state,
      })
      return { requests: page.requests.map(view), nextCursor: page.nextCursor }
    },
    listFollow: follow,
    get: ({ id }) => view(requestOf(options, id)),
    approve: ({ id, forSession = false, withRule = false }, call) =>
      audit.run('request.approve', call, async (about) => {
        if (forSession && withRule) {
          throw new DispatchError('validation', 'Give --for-session or --with-rule, not both.')
        }
        const once = forSession ? 'approve_for_session' : 'approve'
        const decision = withRule ? 'approve_with_rule' : once
        return await answer({ id, answer: { decision }, call }, about)
      }),
    deny: ({ id, cancelTurn = false, message }, call) =>
      audit.run('request.deny', call, async (about) => {
        if (cancelTurn && message !== undefined) {
          throw new DispatchError('validation', 'A turn that is cancelled takes no message.', {
            hint: 'dispatch request deny ID --cancel-turn, then dispatch send LANE ...',
          })
        }
        if (message !== undefined) about.detail(textToShape(message))
        const decision = cancelTurn ? 'deny_and_cancel' : 'deny'
        return await answer({ id, answer: { decision }, message, call }, about)
      }),
    respond: (input, call) =>
      audit.run('request.respond', call, async (about) => {
        const row = requestOf(options, input.id, call)
        note(about, row, 'respond')
        const { offered } = row.ask
        // What takes no words is refused as such, before the words are looked at.
        const responded = offered.includes('respond')
          ? givenToAnswer(row.ask, input.answer)
          : { answer: { decision: 'respond' as const } }
        if ('problems' in responded) {
          throw new DispatchError(
            'validation',
            `That does not answer request ${row.id}: ${responded.problems.join('; ')}.`,
            { hint: `dispatch request get ${row.id}`, details: { problems: responded.problems } },
          )
        }
        return await answer({ id: row.id, answer: responded.answer, call }, about)
      }),
  }
}
