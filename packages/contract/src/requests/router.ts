// The procedures below `request`.
import { procedure, router } from '../procedure.ts'
import { streamOf, track } from '../stream.ts'
import {
  RequestAnswered,
  RequestApproveInput,
  RequestDenyInput,
  RequestFollowInput,
  RequestGetInput,
  RequestListInput,
  RequestListResult,
  RequestRespondInput,
} from './answer.ts'
import { Request } from './request.ts'

const answeredView = { kind: 'line', template: '{id}  {lane.handle}  {kind}  {decision}' } as const

export const requestRouter = router({
  list: procedure
    .meta({
      description: 'List what Codex asks a person: approvals, questions, elicitations.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch request list', 'dispatch request list --lane @docs --state all'],
        view: {
          kind: 'table',
          rows: 'requests',
          columns: [
            { field: 'id', title: 'ID', whole: true },
            { field: 'lane.handle', title: 'LANE', whole: true },
            { field: 'kind', title: 'KIND', minor: true },
            { field: 'summary', title: 'WHAT' },
            { field: 'state', title: 'STATE' },
            { field: 'decision', title: 'DECISION' },
            { field: 'createdAt', title: 'ASKED', minor: true },
          ],
          empty: 'Nobody is asked.',
        },
      },
      mcp: {
        group: 'thread',
        resource: {
          title: 'Pending requests',
          uris: ['dispatch://lanes/{lane}/requests', 'dispatch://requests'],
          changes: ['request.'],
        },
      },
      laneTool: { bound: 'reads', fields: ['lane', 'limit'] },
    })
    .input(RequestListInput)
    .output(RequestListResult)
    .query(({ ctx, input }) => ctx.services.request.list(input, ctx.call)),

  listFollow: procedure
    .meta({
      description: 'Show what waits for a person, then every request as it comes and as it ends.',
      intent: 'read',
      follows: 'request.list',
      cliMeta: {
        examples: ['dispatch request list --follow', 'dispatch request list --follow --lane @docs'],
        view: { kind: 'line', template: '{id}  {lane.handle}  {kind}  {state}  {summary}' },
      },
    })
    .input(RequestFollowInput)
    .output(streamOf(Request))
    .subscription(({ ctx, input }) => track(ctx.services.request.listFollow(input, ctx.call))),

  get: procedure
    .meta({
      description: 'Show everything of one request: what is asked, and the decisions offered.',
      intent: 'read',
      cliMeta: { examples: ['dispatch request get 01a1fc80'], view: { kind: 'fields' } },
      mcp: { group: 'thread' },
      laneTool: { bound: 'reads', fields: ['id'] },
    })
    .input(RequestGetInput)
    .output(Request)
    .query(({ ctx, input }) => ctx.services.request.get(input, ctx.call)),

  approve: procedure
    .meta({
      description:
        'Say yes to a request: once, for as long as the thread is loaded, or by a rule for all lanes.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch request approve 01a1fc80',
          'dispatch request approve 01a1fc80 --for-session',
        ],
        view: answeredView,
      },
    })
    .input(RequestApproveInput)
    .output(RequestAnswered)
    .mutation(({ ctx, input }) => ctx.services.request.approve(input, ctx.call)),

  deny: procedure
    .meta({
      description: 'Say no to a request. The turn goes on, and the model is told.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch request deny 01a1fc80',
          'dispatch request deny 01a1fc80 --message "Use the Makefile."',
          'dispatch request deny 01a1fc80 --cancel-turn',
        ],
        view: answeredView,
      },
    })
    .input(RequestDenyInput)
    .output(RequestAnswered)
    .mutation(({ ctx, input }) => ctx.services.request.deny(input, ctx.call)),

  respond: procedure
    .meta({
      description:
        'Answer a question or an elicitation, or grant a part of the permissions that were asked for.',
      intent: 'write',
      cliMeta: {
        examples: [`dispatch request respond 01a1fc80 '{"branch": "main"}'`],
        view: answeredView,
      },
    })
    .input(RequestRespondInput)
    .output(RequestAnswered)
    .mutation(({ ctx, input }) => ctx.services.request.respond(input, ctx.call)),
})
