// What completion asks: the lanes that a half-typed word may mean, of however many there are.
import { z } from 'zod'
import { LaneIdentity } from './lane.ts'

export const BeginningInput = z.strictObject({
  word: z.string().max(512).describe('How the handle, with its @, or the ref begins'),
  limit: z.number().int().min(1).max(200).optional().describe('Lanes at most; 200 when absent'),
})

export const BeginningResult = z.strictObject({
  lanes: z.array(LaneIdentity).describe('Live lanes, by handle and then by ref'),
})

export type BeginningInput = z.output<typeof BeginningInput>
export type BeginningResult = z.output<typeof BeginningResult>
