// last: the final message of a lane, alone.
import { z } from 'zod'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { Turn } from './turn.ts'

export const LastInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const LastResult = LaneIdentity.extend({
  message: z.string().describe('The final message of the last completed turn that has one'),
  json: z
    .unknown()
    .describe('The message as JSON where an output schema was asked for and it is JSON; else null'),
  turn: Turn.nullable().describe('That turn, or null where dispatch has the message alone'),
  origin: z
    .enum(['codex', 'registry'])
    .describe("codex: Codex's history. registry: what dispatch itself saw"),
})

export type LastInput = z.output<typeof LastInput>
export type LastResult = z.output<typeof LastResult>
