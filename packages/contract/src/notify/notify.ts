// notify: tells a person something, by the program that [notify] of the global configuration names; and the
// events that the daemon tells by itself.
import { z } from 'zod'
import type { EventType } from '../events/event.ts'
import { bounds } from '../bounds.ts'

/** The events that a person may be told of. */
export const noticeEvents = [
  'request.opened',
  'turn.completed',
  'turn.failed',
  'turn.interrupted',
  'lane.stalled',
  'delivery.failed',
  'delivery.ambiguous',
  'trigger.disabled',
  'codex.lost',
] as const satisfies readonly EventType[]

export const NotifyInput = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(bounds.name)
    .optional()
    .meta({ positional: true })
    .describe('What the person is told; a sentence that says that this is a try, when absent'),
})

export const NotifyResult = z.strictObject({
  text: z.string().describe('What the person was told'),
  program: z.string().describe('The program that told it'),
  exitCode: z.number().int().describe('How it ended: 0'),
  milliseconds: z.number().int().describe('How long it took'),
})

export type NotifyInput = z.output<typeof NotifyInput>
export type NotifyResult = z.output<typeof NotifyResult>
