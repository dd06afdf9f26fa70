// The procedures on events.
import { procedure } from '../procedure.ts'
import { streamOf, track } from '../stream.ts'
import { DispatchEvent } from './event.ts'
import { WatchFollowInput, WatchInput, WatchResult } from './watch.ts'

/** watch. */
export const eventProcedures = {
  watch: procedure
    .meta({
      description:
        'Take a bounded sample of raw App Server events of lanes. With --follow: the events of dispatch, for ever.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch watch @docs --limit 20 --timeout 10'],
        view: {
          kind: 'table',
          rows: 'events',
          columns: [
            { field: 'threadId', title: 'THREAD' },
            { field: 'method', title: 'METHOD' },
          ],
          empty: 'No events came in that time.',
        },
      },
    })
    .input(WatchInput)
    .output(WatchResult)
    .query(({ ctx, input }) => ctx.services.watch(input, ctx.call)),

  watchFollow: procedure
    .meta({
      description:
        'Follow the events of lanes, of all lanes when none is named. Every durable event has a cursor to resume after.',
      intent: 'read',
      follows: 'watch',
      cliMeta: {
        examples: [
          'dispatch watch --follow',
          'dispatch watch @docs --follow --after 1.42',
          'dispatch watch --follow --type turn.completed --type turn.failed',
        ],
        view: { kind: 'events' },
      },
    })
    .input(WatchFollowInput)
    .output(streamOf(DispatchEvent))
    .subscription(({ ctx, input }) => track(ctx.services.watchFollow(input, ctx.call))),
}
