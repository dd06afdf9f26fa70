// The procedures on turns: messages, waiting, history, stopping.
import { StopInput, StopResult } from '../lanes/action.ts'
import { procedure } from '../procedure.ts'
import { streamOf, track } from '../stream.ts'
import { LastInput, LastResult } from './last.ts'
import { SendInput, SendResult, WaitInput, WaitResult } from './send.ts'
import { SendToInput, SendToResult } from './send-to.ts'
import { TraceInput, TraceResult } from './trace.ts'
import { TailEvent, TailFollowInput, TailInput, TailResult } from './tail.ts'

/** send, to one lane and to several, wait, last, tail, trace. */
export const turnProcedures = {
  send: procedure
    .meta({
      description:
        'Send a message to a lane. Answers when the message is durable in Codex, or after 10 s with the state so far; at once with `queued` where it has to wait.',
      intent: 'write',
      verdict: true,
      cliMeta: {
        examples: [
          'dispatch send 0k7M4a "Now the tests."',
          'dispatch send @docs "And the changelog?" --wait',
          'git diff | dispatch send @review --input-file -',
          'dispatch send @docs "Then the changelog." --queue',
          'dispatch send @docs "Leave the tables alone." --steer',
        ],
        view: {
          kind: 'line',
          template: '{ref}  {handle}  {delivery.state}  {delivery.id}',
          message: 'lastMessage',
        },
      },
      laneTool: {
        usual: true,
        bound: 'sends',
        fields: ['lane', 'text', 'mode', 'wait', 'timeoutSeconds'],
        note: 'The message says by itself that it is from you. A lane that is busy takes it with mode queue; steer and interject are for lanes that you made.',
      },
    })
    .input(SendInput)
    .output(SendResult)
    .mutation(({ ctx, input }) => ctx.services.send(input, ctx.call)),

  sendTo: procedure
    .meta({
      description:
        'Queue a message in several lanes. Each of them takes it or not, whatever the others do.',
      intent: 'write',
      variantOf: { op: 'send', flag: 'to' },
      verdict: true,
      cliMeta: {
        exits: 'Exit status 0: all took it; else that of the first that did not.',
        examples: ['dispatch send --to @docs --to @tests --queue "Rebase on main."'],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: [
            { field: 'to', title: 'TO' },
            { field: 'lane.ref', title: 'REF', whole: true },
            { field: 'delivery.state', title: 'STATE' },
            { field: 'delivery.id', title: 'RECEIPT' },
            { field: 'notes', title: 'WHY IT WAITS' },
            { field: 'error.message', title: 'WHY NOT' },
          ],
          empty: 'No lanes.',
        },
      },
    })
    .input(SendToInput)
    .output(SendToResult)
    .mutation(({ ctx, input }) => ctx.services.sendTo(input, ctx.call)),

  wait: procedure
    .meta({
      description: 'Wait until lanes are done.',
      intent: 'read',
      verdict: true,
      cliMeta: {
        exits:
          'Exit status 0: met; 10: a turn failed or was interrupted; 3: out of time; 6: a person is asked.',
        examples: ['dispatch wait @docs @fix', 'dispatch wait @a @b --any --timeout 600'],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: [
            { field: 'ref', title: 'REF', whole: true },
            { field: 'handle', title: 'HANDLE', whole: true },
            { field: 'outcome', title: 'OUTCOME' },
            { field: 'lastMessage', title: 'LAST MESSAGE' },
          ],
          empty: 'No lanes.',
        },
      },
      laneTool: {
        usual: true,
        bound: 'waits',
        fields: ['lanes', 'until', 'any', 'timeoutSeconds'],
        note: 'One call waits for minutes at most: where it ends with timeout, call again.',
      },
    })
    .input(WaitInput)
    .output(WaitResult)
    .query(({ ctx, input }) => ctx.services.wait(input, ctx.call)),

  last: procedure
    .meta({
      description:
        'Print the final message of the last completed turn of a lane: the message alone, or with its turn as JSON.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch last @docs', 'dispatch last @docs --output text'],
        view: { kind: 'line', template: '{message}', message: 'message' },
      },
      laneTool: { usual: true, bound: 'reads', fields: ['lane'] },
    })
    .input(LastInput)
    .output(LastResult)
    .query(({ ctx, input }) => ctx.services.last(input, ctx.call)),

  tail: procedure
    .meta({
      description: "Show a lane's history, the newest items last.",
      intent: 'read',
      cliMeta: {
        examples: ['dispatch tail @docs', 'dispatch tail @docs --type agentMessage --limit 5'],
        view: { kind: 'items', rows: 'items' },
      },
      mcp: {
        resource: {
          title: 'Transcript',
          uris: ['dispatch://lanes/{lane}/transcript'],
          changes: [
            'item.completed',
            'turn.failed',
            'turn.interrupted',
            'lane.rolled-back',
            'attach',
            'sync',
          ],
        },
      },
      laneTool: { usual: true, bound: 'reads', fields: ['lane', 'limit', 'before', 'types'] },
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

  trace: procedure
    .meta({
      description: 'What came of a call: the lane that it made or wrote to, and its receipt.',
      intent: 'read',
      tracesCalls: true,
      hidden: true,
      cliMeta: { examples: [], view: { kind: 'fields' } },
    })
    .input(TraceInput)
    .output(TraceResult)
    .query(({ ctx, input }) => ctx.services.trace(input, ctx.call)),
}

/** stop. */
export const stopProcedures = {
  stop: procedure
    .meta({
      description:
        'Cancel the active turn of a lane, or of all; an active goal is paused first. The lane then holds what waits for it.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch stop @docs', 'dispatch stop --all'],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: [
            { field: 'ref', title: 'REF', whole: true },
            { field: 'handle', title: 'HANDLE', whole: true },
            { field: 'stopped', title: 'STOPPED' },
            { field: 'goalPaused', title: 'GOAL PAUSED' },
            { field: 'reason', title: 'REASON' },
          ],
          empty: 'No lane has an active turn or goal.',
        },
      },
      laneTool: { usual: true, bound: 'own', fields: ['lane'], note: 'Only a lane that you made.' },
    })
    .input(StopInput)
    .output(StopResult)
    .mutation(({ ctx, input }) => ctx.services.stop(input, ctx.call)),
}
