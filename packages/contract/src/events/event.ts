// Events: what happened, in the order of the store, each durable one with a cursor.
import { z } from 'zod'
import { Cursor, Timestamp } from '../fields.ts'

/** Every type of event that dispatch makes. */
export const eventTypes = [
  'lane.created',
  'lane.attached',
  'lane.adopted',
  'lane.renamed',
  'lane.settings-changed',
  'lane.status-changed',
  'lane.archived',
  'lane.restored',
  'lane.rolled-back',
  'lane.detached',
  'lane.stalled',
  'lane.recovered',
  'turn.started',
  'turn.retrying',
  'turn.completed',
  'turn.failed',
  'turn.interrupted',
  'item.started',
  'item.completed',
  'item.delta',
  'delivery.queued',
  'delivery.submitting',
  'delivery.accepted',
  'delivery.failed',
  'delivery.ambiguous',
  'delivery.cancelled',
  'delivery.discarded',
  'queue.paused',
  'queue.resumed',
  'request.opened',
  'request.answered',
  'request.expired',
  'request.closed',
  'goal.changed',
  'trigger.fired',
  'trigger.skipped',
  'trigger.failed',
  'trigger.disabled',
  'usage.updated',
  'codex.started',
  'codex.lost',
  'codex.joined',
  'daemon.started',
  'gap',
] as const

/** The type of an event: dotted, in the past tense. */
export const EventType = z.enum(eventTypes)

/** One event. */
export const DispatchEvent = z.strictObject({
  cursor: Cursor.nullable().describe('Position to resume after; null on live-only events'),
  at: Timestamp.describe('When it happened'),
  lane: z
    .strictObject({
      ref: z.string().describe('Ref of the lane'),
      id: z.string().describe('Thread id of the lane'),
      handle: z.string().describe('Handle of the lane'),
    })
    .nullable()
    .describe('The lane, or null'),
  type: EventType.describe('What happened'),
  data: z.record(z.string(), z.unknown()).describe('The rest, by type'),
})

export type EventType = z.output<typeof EventType>
export type DispatchEvent = z.output<typeof DispatchEvent>
