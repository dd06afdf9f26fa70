// The procedures on lanes and their turns: the root of the router.
import { procedure } from '../procedure.ts'
import { streamOf, track } from '../stream.ts'
import { DispatchEvent } from '../events/event.ts'
import { WatchFollowInput, WatchInput, WatchResult } from '../events/watch.ts'
import { SendInput, SendResult, WaitInput, WaitResult } from '../turns/send.ts'
import { TailEvent, TailFollowInput, TailInput, TailResult } from '../turns/tail.ts'
import {
  ActionResult,
  ArchiveInput,
  RenameInput,
  RestoreInput,
  StopInput,
  StopResult,
} from './action.ts'
import { GetInput, GetResult, ListInput, ListResult } from './list.ts'
import { NewInput, NewResult } from './new.ts'

const laneColumns = [
  { field: 'ref', title: 'REF' },
  { field: 'handle', title: 'HANDLE' },
  { field: 'status', title: 'STATUS' },
  { field: 'latestTurn.status', title: 'LAST TURN' },
  { field: 'updatedAt', title: 'UPDATED' },
  { field: 'cwd', title: 'CWD' },
]

export const laneProcedures = {
  new: procedure
    .meta({
      description:
        'Create a lane: a Codex thread that dispatch manages, with its first message where there is one.',
      intent: 'write',
      verdict: true,
      cliMeta: {
        examples: [
          'dispatch new --name docs --text "Summarise the README."',
          'dispatch new --name fix --sandbox workspace-write --input-file task.md --wait',
          'dispatch new --name later --no-send',
        ],
        view: {
          kind: 'line',
          template: '{ref}  {handle}  {status}  {cwd}',
          message: 'lastMessage',
        },
      },
    })
    .input(NewInput)
    .output(NewResult)
    .mutation(({ ctx, input }) => ctx.services.new(input, ctx.call)),

  list: procedure
    .meta({
      description: 'List the lanes that dispatch manages.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch list', 'dispatch list --status busy --json'],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: laneColumns,
          empty: 'No lanes yet. dispatch new --name NAME --text "..." makes one.',
        },
      },
    })
    .input(ListInput)
    .output(ListResult)
    .query(({ ctx, input }) => ctx.services.list(input, ctx.call)),

  get: procedure
    .meta({
      description: 'Show everything that dispatch knows of one lane.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch get 0k7M4a', 'dispatch get @docs --include-transcript'],
        view: { kind: 'fields' },
      },
    })
    .input(GetInput)
    .output(GetResult)
    .query(({ ctx, input }) => ctx.services.get(input, ctx.call)),

  send: procedure
    .meta({
      description:
        'Send a message to a lane. Answers when the message is durable in Codex, or after 10 s with the state so far.',
      intent: 'write',
      verdict: true,
      cliMeta: {
        examples: [
          'dispatch send 0k7M4a "Now the tests."',
          'dispatch send @docs "And the changelog?" --wait',
          'git diff | dispatch send @review --input-file -',
        ],
        view: {
          kind: 'line',
          template: '{ref}  {handle}  {delivery.state}  {delivery.id}',
          message: 'lastMessage',
        },
      },
    })
    .input(SendInput)
    .output(SendResult)
    .mutation(({ ctx, input }) => ctx.services.send(input, ctx.call)),

  wait: procedure
    .meta({
      description:
        'Wait until lanes are done. Exit status 0: met; 10: a turn failed or was interrupted; 3: out of time; 6: a person is asked.',
      intent: 'read',
      verdict: true,
      cliMeta: {
        examples: ['dispatch wait @docs @fix', 'dispatch wait @a @b --any --timeout 600'],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: [
            { field: 'ref', title: 'REF' },
            { field: 'handle', title: 'HANDLE' },
            { field: 'outcome', title: 'OUTCOME' },
            { field: 'lastMessage', title: 'LAST MESSAGE' },
          ],
          empty: 'No lanes.',
        },
      },
    })
    .input(WaitInput)
    .output(WaitResult)
    .query(({ ctx, input }) => ctx.services.wait(input, ctx.call)),

  tail: procedure
    .meta({
      description: "Show a lane's history, the newest items last.",
      intent: 'read',
      cliMeta: {
        examples: ['dispatch tail @docs', 'dispatch tail @docs --type agentMessage --limit 5'],
        view: { kind: 'items', rows: 'items' },
      },
    })
    .input(TailInput)
    .output(TailResult)
    .query(({ ctx, input }) => ctx.services.tail(input, ctx.call)),

  tailFollow: procedure
    .meta({
      description: "Show a lane's history and go on with every item that completes.",
      intent: 'read',
      follows: 'tail',
      cliMeta: { examples: ['dispatch tail @docs --follow'], view: { kind: 'item' } },
    })
    .input(TailFollowInput)
    .output(streamOf(TailEvent))
    .subscription(({ ctx, input }) => track(ctx.services.tailFollow(input, ctx.call))),

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

  stop: procedure
    .meta({
      description:
        'Cancel the active turn of a lane, or of all. The lane then holds what waits for it.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch stop @docs', 'dispatch stop --all'],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: [
            { field: 'ref', title: 'REF' },
            { field: 'handle', title: 'HANDLE' },
            { field: 'stopped', title: 'STOPPED' },
            { field: 'reason', title: 'REASON' },
          ],
          empty: 'No lane has an active turn.',
        },
      },
    })
    .input(StopInput)
    .output(StopResult)
    .mutation(({ ctx, input }) => ctx.services.stop(input, ctx.call)),

  rename: procedure
    .meta({
      description: 'Give a lane another name, in dispatch and in Codex.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch rename 0k7M4a docs-final'],
        view: { kind: 'line', template: '{ref}  {handle}  {title}' },
      },
    })
    .input(RenameInput)
    .output(ActionResult)
    .mutation(({ ctx, input }) => ctx.services.rename(input, ctx.call)),

  archive: procedure
    .meta({
      description: 'Archive a lane. Its history stays; restore brings it back.',
      intent: 'destroy',
      cliMeta: {
        examples: ['dispatch archive 0k7M4a --yes'],
        view: { kind: 'line', template: '{ref}  {handle}  {status}' },
      },
    })
    .input(ArchiveInput)
    .output(ActionResult)
    .mutation(({ ctx, input }) => ctx.services.archive(input, ctx.call)),

  restore: procedure
    .meta({
      description: 'Bring an archived lane back. Starts no turn.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch restore 0k7M4a'],
        view: { kind: 'line', template: '{ref}  {handle}  {status}' },
      },
    })
    .input(RestoreInput)
    .output(ActionResult)
    .mutation(({ ctx, input }) => ctx.services.restore(input, ctx.call)),
}
