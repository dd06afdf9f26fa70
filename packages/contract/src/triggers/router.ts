// The procedures below `trigger`.
import { procedure, router } from '../procedure.ts'
import {
  TriggerAddInput,
  TriggerEditInput,
  TriggerGetInput,
  TriggerListInput,
  TriggerListResult,
  TriggerNextInput,
  TriggerNextResult,
  TriggerRemoveResult,
  TriggerRunResult,
  TriggerRunsInput,
  TriggerRunsResult,
} from './ops.ts'
import { TriggerAhead } from './trigger.ts'

const ID = '01990000-0000-7000-8000-000000000001'

const triggerView = {
  kind: 'line',
  template: '{id}  {name}  {state}  {schedule}  next: {next}',
} as const

export const triggerRouter = router({
  add: procedure
    .meta({
      description:
        'Make a trigger: something that happens by time, after a rest or at an event, and what is done to a lane then.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch trigger add --name docs-pulse --lane @docs --when interval --seconds 1800 --action send --text "Does the docs branch need attention?"',
          'dispatch trigger add --name standup --lane @docs --when cron --cron "0 9 * * 1-5" --action send --text "Post a short standup summary."',
          'dispatch trigger add --name after-idle --lane @docs --when idle_for --seconds 900 --action brief --text "First re-read the diff."',
          // In double quotes a shell would fill it in.
          "dispatch trigger add --name review --on @docs --lane @review --when turn_completed --outcome completed --action queue --template --text 'Review this: ${turn.lastMessage}'",
        ],
        view: triggerView,
      },
    })
    .input(TriggerAddInput)
    .output(TriggerAhead)
    .mutation(({ ctx, input }) => ctx.services.trigger.add(input, ctx.call)),

  list: procedure
    .meta({
      description: 'List triggers, with when they fire next and why one does not.',
      intent: 'read',
      cliMeta: {
        examples: [
          'dispatch trigger list',
          'dispatch trigger list --lane @docs',
          'dispatch trigger list --state disabled',
        ],
        view: {
          kind: 'table',
          rows: 'triggers',
          columns: [
            { field: 'name', title: 'NAME', whole: true },
            { field: 'lane.handle', title: 'LANE', whole: true },
            { field: 'state', title: 'STATE' },
            { field: 'reason', title: 'REASON' },
            { field: 'nextAt', title: 'NEXT' },
            { field: 'schedule', title: 'WHEN' },
            { field: 'action', title: 'ACTION' },
            { field: 'lastFiredAt', title: 'LAST' },
            { field: 'lastOutcome', title: 'OUTCOME' },
            { field: 'id', title: 'ID' },
          ],
          empty: 'No triggers.',
        },
      },
    })
    .input(TriggerListInput)
    .output(TriggerListResult)
    .query(({ ctx, input }) => ctx.services.trigger.list(input, ctx.call)),

  get: procedure
    .meta({
      description: 'Show one trigger, with the next three times that it fires at.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch trigger get docs-pulse', `dispatch trigger get ${ID}`],
        view: { kind: 'fields' },
      },
    })
    .input(TriggerGetInput)
    .output(TriggerAhead)
    .query(({ ctx, input }) => ctx.services.trigger.get(input, ctx.call)),

  edit: procedure
    .meta({
      description: 'Change a trigger. What is not given stays; what has fired stays counted.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch trigger edit docs-pulse --seconds 3600',
          'dispatch trigger edit docs-pulse --no-dedupe --unset until',
        ],
        view: triggerView,
      },
    })
    .input(TriggerEditInput)
    .output(TriggerAhead)
    .mutation(({ ctx, input }) => ctx.services.trigger.edit(input, ctx.call)),

  rm: procedure
    .meta({
      description: 'Remove a trigger, with the record of its occurrences.',
      intent: 'destroy',
      cliMeta: {
        examples: ['dispatch trigger rm docs-pulse --yes'],
        view: { kind: 'line', template: '{id}  {name}  removed' },
      },
    })
    .input(TriggerGetInput)
    .output(TriggerRemoveResult)
    .mutation(({ ctx, input }) => ctx.services.trigger.rm(input, ctx.call)),

  pause: procedure
    .meta({
      description:
        'Let a trigger rest until trigger resume. What falls due meanwhile is not made up for.',
      intent: 'write',
      cliMeta: { examples: ['dispatch trigger pause docs-pulse'], view: triggerView },
    })
    .input(TriggerGetInput)
    .output(TriggerAhead)
    .mutation(({ ctx, input }) => ctx.services.trigger.pause(input, ctx.call)),

  resume: procedure
    .meta({
      description: 'Let a trigger fire again that was paused or disabled.',
      intent: 'write',
      cliMeta: { examples: ['dispatch trigger resume docs-pulse'], view: triggerView },
    })
    .input(TriggerGetInput)
    .output(TriggerAhead)
    .mutation(({ ctx, input }) => ctx.services.trigger.resume(input, ctx.call)),

  run: procedure
    .meta({
      description:
        'Fire a trigger now, whatever its guards say and also when it is paused. A busy lane is respected as by itself.',
      intent: 'write',
      verdict: true,
      cliMeta: {
        exits:
          'Exit status 0: it fired, or was skipped, which the answer says: the lane was busy, or there was no turn to steer. Else that of the error that kept it from firing.',
        examples: ['dispatch trigger run docs-pulse'],
        view: { kind: 'line', template: '{id}  {name}  {outcome}  {detail}' },
      },
    })
    .input(TriggerGetInput)
    .output(TriggerRunResult)
    .mutation(({ ctx, input }) => ctx.services.trigger.run(input, ctx.call)),

  runs: procedure
    .meta({
      description:
        'List occurrences of a trigger, or of all: what fired, what was skipped and why.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch trigger runs docs-pulse', 'dispatch trigger runs --outcome failed'],
        view: {
          kind: 'table',
          rows: 'runs',
          columns: [
            { field: 'name', title: 'TRIGGER', whole: true },
            { field: 'scheduledAt', title: 'FOR' },
            { field: 'cause', title: 'CAUSE' },
            { field: 'outcome', title: 'OUTCOME' },
            { field: 'reason', title: 'REASON' },
            { field: 'lane.handle', title: 'LANE' },
            { field: 'delivery.state', title: 'MESSAGE' },
            { field: 'detail', title: 'DETAIL' },
            { field: 'id', title: 'ID' },
          ],
          empty: 'Nothing has fired.',
        },
      },
    })
    .input(TriggerRunsInput)
    .output(TriggerRunsResult)
    .query(({ ctx, input }) => ctx.services.trigger.runs(input, ctx.call)),

  next: procedure
    .meta({
      description: 'Show what is ahead: the next times of one trigger, or of all.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch trigger next', 'dispatch trigger next standup --limit 5'],
        view: {
          kind: 'table',
          rows: 'times',
          columns: [
            { field: 'at', title: 'AT' },
            { field: 'name', title: 'TRIGGER', whole: true },
            { field: 'handle', title: 'LANE' },
            { field: 'action', title: 'ACTION' },
          ],
          empty: 'No time is known.',
        },
      },
    })
    .input(TriggerNextInput)
    .output(TriggerNextResult)
    .query(({ ctx, input }) => ctx.services.trigger.next(input, ctx.call)),
})
