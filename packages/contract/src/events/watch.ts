// watch: a bounded sample of raw App Server events; with --follow, dispatch's own events for ever.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Cursor, Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { EventType } from './event.ts'

export const WatchInput = z.strictObject({
  lanes: z.array(Selector).min(1).max(100).meta({ positional: true }).describe('Lanes'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Events at most; 20 when absent'),
  timeoutSeconds: z
    .number()
    .nonnegative()
    .max(600)
    .optional()
    .meta({ flag: 'timeout' })
    .describe('Seconds at most; 10 when absent'),
})

export const WatchResult = z.strictObject({
  lanes: z.array(LaneIdentity).describe('The lanes that were watched'),
  events: z
    .array(
      z.strictObject({
        threadId: z.string().describe('The thread'),
        method: z.string().describe('Method of the App Server'),
        params: z.record(z.string(), z.unknown()).describe('Its parameters as they came'),
        requestId: z
          .union([z.string(), z.number()])
          .nullable()
          .describe('Id where it is a request'),
      }),
    )
    .describe('The events as they came'),
  notes: z.array(z.string()).describe('What the caller should know'),
  timedOut: z.boolean().describe('Whether the time was up before the limit was reached'),
})

export const WatchFollowInput = z.strictObject({
  lanes: z
    .array(Selector)
    .max(100)
    .optional()
    .meta({ positional: true })
    .describe('Lanes; all when absent'),
  after: Cursor.optional().describe(
    'Resume after that cursor; from now when absent; 0 for all there is',
  ),
  types: z
    .array(EventType)
    .optional()
    .meta({ flag: 'type' })
    .describe('Only events of these types'),
  deltas: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Text as it streams, live only; on when absent'),
})

export type WatchInput = z.output<typeof WatchInput>
export type WatchResult = z.output<typeof WatchResult>
export type WatchFollowInput = z.output<typeof WatchFollowInput>
