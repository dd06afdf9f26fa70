// open: a lane in the terminal UI of Codex.
import { z } from 'zod'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'

export const OpenInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const OpenResult = LaneIdentity.extend({
  command: z.array(z.string()).describe('The command that was run'),
  said: z.string().describe('What is printed when the terminal UI has ended'),
})

export type OpenInput = z.output<typeof OpenInput>
export type OpenResult = z.output<typeof OpenResult>
