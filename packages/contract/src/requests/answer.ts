// request list, get, approve, deny, respond.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { MessageText, Selector } from '../fields.ts'
import { SHORT_ID_MIN } from '../short-id.ts'
import { Request, RequestState } from './request.ts'

const RequestId = z
  .string()
  .min(1)
  .max(512)
  .meta({ positional: true })
  .describe(
    `Request: its id, a unique beginning of it (${SHORT_ID_MIN} or more characters), or the @handle, ref or thread id of a lane that waits for this one alone`,
  )

const filters = {
  lane: Selector.optional(),
  state: RequestState.or(z.literal('all'))
    .optional()
    .describe('Only requests of that state; pending when absent, all for any'),
}

export const RequestListInput = z.strictObject({
  ...filters,
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Requests at most; 50 when absent'),
  cursor: z.string().max(200).optional().describe('Go on after an earlier page: its nextCursor'),
})

export const RequestListResult = z.strictObject({
  requests: z.array(Request).describe('The requests, newest first'),
  nextCursor: z.string().nullable().describe('Cursor of the next page, or null'),
})

export const RequestFollowInput = z.strictObject(filters)

export const RequestGetInput = z.strictObject({ id: RequestId })

export const RequestApproveInput = z.strictObject({
  id: RequestId,
  forSession: z
    .boolean()
    .optional()
    .describe('Do not ask for the same again as long as the thread is loaded'),
  withRule: z
    .boolean()
    .optional()
    .describe('Store the proposed rule in Codex: it holds for all lanes and every other Codex'),
})

export const RequestDenyInput = z.strictObject({
  id: RequestId,
  cancelTurn: z.boolean().optional().describe('Interrupt the turn, too'),
  message: MessageText.optional().describe('Tell the model in the same turn what to do instead'),
})

export const RequestRespondInput = z.strictObject({
  id: RequestId,
  answer: z
    .record(z.string(), z.unknown())
    .meta({ positional: true, json: true, fileFlag: 'input-file' })
    .describe(
      'question: {"QUESTION ID": "answer"}. elicitation: the fields of its form. permissions: {"network": true, "files": ["PATH"], "forSession": false}, no more than was asked',
    ),
})

export const RequestAnswered = Request.extend({
  notes: z.array(z.string()).describe('What the caller should know, such as how far a rule goes'),
})

export type RequestListInput = z.output<typeof RequestListInput>
export type RequestListResult = z.output<typeof RequestListResult>
export type RequestFollowInput = z.output<typeof RequestFollowInput>
export type RequestGetInput = z.output<typeof RequestGetInput>
export type RequestApproveInput = z.output<typeof RequestApproveInput>
export type RequestDenyInput = z.output<typeof RequestDenyInput>
export type RequestRespondInput = z.output<typeof RequestRespondInput>
export type RequestAnswered = z.output<typeof RequestAnswered>
