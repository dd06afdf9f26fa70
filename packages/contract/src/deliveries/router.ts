// The procedures below `queue` and `delivery`.
import { procedure, router } from '../procedure.ts'
import {
  DeliveryDiscardInput,
  DeliveryGetInput,
  DeliveryGetResult,
  DeliveryListInput,
  DeliveryListResult,
  DeliveryReconcileInput,
  DeliveryReconcileResult,
  DeliveryResult,
  DeliveryRetryInput,
} from './ops.ts'
import {
  QueueCancelInput,
  QueueCancelResult,
  QueueEditInput,
  QueueGetInput,
  QueueGetResult,
  QueueLaneInput,
  QueueLaneResult,
  QueueListInput,
  QueueListResult,
  QueueMoveInput,
} from './queue.ts'

const placeView = { kind: 'line', template: '{id}  {handle}  {position}  {preview}' } as const
const stateView = { kind: 'line', template: '{id}  {handle}  {state}' } as const
const heldView = {
  kind: 'line',
  template: '{ref}  {handle}  waiting: {queue.count}  held: {queue.held}',
} as const

export const queueRouter = router({
  list: procedure
    .meta({
      description:
        'Show what waits for its turn, of one lane or of all: in its order, with what holds it and when it is tried again.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch queue list', 'dispatch queue list @docs'],
        view: {
          kind: 'table',
          rows: 'messages',
          columns: [
            { field: 'id', title: 'ID', whole: true },
            { field: 'handle', title: 'LANE', whole: true },
            { field: 'position', title: '#' },
            { field: 'state', title: 'STATE' },
            { field: 'hold', title: 'HOLD' },
            { field: 'preview', title: 'TEXT' },
            { field: 'nextAttemptAt', title: 'NEXT TRY' },
            { field: 'mode', title: 'MODE', minor: true },
            { field: 'createdAt', title: 'CREATED' },
          ],
          empty: 'Nothing waits.',
        },
      },
      mcp: {
        group: 'thread',
        resource: {
          title: 'Queue',
          uris: ['dispatch://lanes/{lane}/queue', 'dispatch://queue'],
          changes: ['delivery.', 'turn.', 'lane.', 'queue.'],
        },
      },
      laneTool: { bound: 'reads', fields: ['lane', 'limit'] },
    })
    .input(QueueListInput)
    .output(QueueListResult)
    .query(({ ctx, input }) => ctx.services.queue.list(input, ctx.call)),

  get: procedure
    .meta({
      description: 'Show one message that waits, with its whole text.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch queue get 01990000-0000-7000-8000-000000000001'],
        view: { kind: 'fields' },
      },
      mcp: { group: 'thread' },
      laneTool: { bound: 'reads', fields: ['message'] },
    })
    .input(QueueGetInput)
    .output(QueueGetResult)
    .query(({ ctx, input }) => ctx.services.queue.get(input, ctx.call)),

  edit: procedure
    .meta({
      description: 'Give a message that waits another text.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch queue edit 01990000-0000-7000-8000-000000000001 "Now with tests."'],
        view: placeView,
      },
      mcp: { group: 'thread' },
    })
    .input(QueueEditInput)
    .output(QueueGetResult)
    .mutation(({ ctx, input }) => ctx.services.queue.edit(input, ctx.call)),

  move: procedure
    .meta({
      description: 'Give a message that waits another place in the queue of its lane.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch queue move 01990000-0000-7000-8000-000000000001 --first'],
        view: placeView,
      },
      mcp: { group: 'thread' },
    })
    .input(QueueMoveInput)
    .output(QueueGetResult)
    .mutation(({ ctx, input }) => ctx.services.queue.move(input, ctx.call)),

  cancel: procedure
    .meta({
      description:
        'Take a message that waits out of its queue, or with --all everything that waits for a lane.',
      intent: 'destroy',
      cliMeta: {
        examples: [
          'dispatch queue cancel 01990000-0000-7000-8000-000000000001 --yes',
          'dispatch queue cancel @docs --all --yes',
        ],
        view: {
          kind: 'table',
          rows: 'cancelled',
          columns: [
            { field: 'id', title: 'ID', whole: true },
            { field: 'mode', title: 'MODE' },
            { field: 'state', title: 'STATE' },
          ],
          empty: 'Nothing waited.',
        },
      },
      mcp: { group: 'thread' },
    })
    .input(QueueCancelInput)
    .output(QueueCancelResult)
    .mutation(({ ctx, input }) => ctx.services.queue.cancel(input, ctx.call)),

  pause: procedure
    .meta({
      description: 'Hold what waits for a lane until queue resume. The turn that runs goes on.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch queue pause @docs'],
        view: heldView,
      },
      mcp: { group: 'thread' },
    })
    .input(QueueLaneInput)
    .output(QueueLaneResult)
    .mutation(({ ctx, input }) => ctx.services.queue.pause(input, ctx.call)),

  resume: procedure
    .meta({
      description:
        'Let go what waits for a lane, whatever has held it; on an idle lane the next message starts at once.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch queue resume @docs'],
        view: heldView,
      },
      mcp: { group: 'thread' },
    })
    .input(QueueLaneInput)
    .output(QueueLaneResult)
    .mutation(({ ctx, input }) => ctx.services.queue.resume(input, ctx.call)),
})

export const deliveryRouter = router({
  get: procedure
    .meta({
      description: 'Show one delivery: where the message is and what became of its turn.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch delivery get 01990000-0000-7000-8000-000000000001'],
        view: { kind: 'fields' },
      },
      mcp: { group: 'thread' },
      laneTool: { bound: 'reads', fields: ['delivery'] },
    })
    .input(DeliveryGetInput)
    .output(DeliveryGetResult)
    .query(({ ctx, input }) => ctx.services.delivery.get(input, ctx.call)),

  list: procedure
    .meta({
      description: 'List deliveries, newest first.',
      intent: 'read',
      cliMeta: {
        examples: [
          'dispatch delivery list --lane @docs',
          'dispatch delivery list --state ambiguous',
        ],
        view: {
          kind: 'table',
          rows: 'deliveries',
          columns: [
            { field: 'id', title: 'ID', whole: true },
            { field: 'handle', title: 'LANE', whole: true },
            { field: 'state', title: 'STATE' },
            { field: 'outcome', title: 'OUTCOME' },
            { field: 'failure', title: 'FAILURE' },
            { field: 'mode', title: 'MODE', minor: true },
            { field: 'createdAt', title: 'CREATED' },
          ],
          empty: 'No deliveries.',
        },
      },
      mcp: { group: 'thread' },
      laneTool: { bound: 'reads', fields: ['lane', 'limit'] },
    })
    .input(DeliveryListInput)
    .output(DeliveryListResult)
    .query(({ ctx, input }) => ctx.services.delivery.list(input, ctx.call)),

  reconcile: procedure
    .meta({
      description:
        'Look again into the history of Codex for a delivery that could not be judged, or for all of a lane.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch delivery reconcile @docs'],
        view: {
          kind: 'table',
          rows: 'deliveries',
          columns: [
            { field: 'id', title: 'ID', whole: true },
            { field: 'handle', title: 'LANE', whole: true },
            { field: 'state', title: 'STATE' },
            { field: 'failure', title: 'FAILURE' },
          ],
          empty: 'Every delivery is settled.',
        },
      },
      mcp: { group: 'thread' },
    })
    .input(DeliveryReconcileInput)
    .output(DeliveryReconcileResult)
    .mutation(({ ctx, input }) => ctx.services.delivery.reconcile(input, ctx.call)),

  retry: procedure
    .meta({
      description: 'Send a message again as a new delivery, the next one of its lane.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch delivery retry 01990000-0000-7000-8000-000000000001',
          'dispatch delivery retry 01990000-0000-7000-8000-000000000001 --text "Again, please."',
        ],
        view: stateView,
      },
      mcp: { group: 'thread' },
    })
    .input(DeliveryRetryInput)
    .output(DeliveryResult)
    .mutation(({ ctx, input }) => ctx.services.delivery.retry(input, ctx.call)),

  discard: procedure
    .meta({
      description:
        'Give up a delivery that cannot be judged, so that its lane goes on. Codex may have the message.',
      intent: 'destroy',
      cliMeta: {
        examples: ['dispatch delivery discard 01990000-0000-7000-8000-000000000001 --yes'],
        view: stateView,
      },
      mcp: { group: 'thread' },
    })
    .input(DeliveryDiscardInput)
    .output(DeliveryResult)
    .mutation(({ ctx, input }) => ctx.services.delivery.discard(input, ctx.call)),
})
