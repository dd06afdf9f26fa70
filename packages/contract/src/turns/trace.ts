// trace: what came of a call, for a surface whose caller broke it off.
import { z } from 'zod'
import { LaneIdentity } from '../lanes/lane.ts'
import { Delivery } from './delivery.ts'

export const TraceInput = z.strictObject({ callId: z.uuidv7().describe('The id of the call') })

export const TraceResult = z.strictObject({
  lane: LaneIdentity.nullable().describe('The lane that it made or wrote to, or null'),
  delivery: Delivery.nullable().describe('The receipt of its message, or null'),
  messages: z
    .array(
      z.strictObject({
        lane: LaneIdentity.describe('A lane that has taken it'),
        delivery: Delivery.describe('Its receipt there'),
      }),
    )
    .describe('Of a call to several lanes: where its message was taken'),
})

export type TraceInput = z.output<typeof TraceInput>
export type TraceResult = z.output<typeof TraceResult>
