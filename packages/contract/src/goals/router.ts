// The procedures below `goal`.
import { procedure, router } from '../procedure.ts'
import {
  GoalClearInput,
  GoalClearResult,
  GoalReadInput,
  GoalReadResult,
  GoalSetInput,
  GoalSetResult,
} from './ops.ts'

export const goalRouter = router({
  status: procedure
    .meta({
      description: 'Show the goal of a lane, also while Codex is down.',
      intent: 'read',
      cliMeta: { examples: ['dispatch goal status @docs'], view: { kind: 'fields' } },
      mcp: { group: 'thread' },
      laneTool: { bound: 'reads', fields: ['lane'] },
    })
    .input(GoalReadInput)
    .output(GoalReadResult)
    .query(({ ctx, input }) => ctx.services.goal.status(input, ctx.call)),

  set: procedure
    .meta({
      description:
        'Give a lane a goal, or change the one it has. An active goal makes Codex start turns by itself, one after the other, until it is done or its token budget is spent; dispatch stop pauses it.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch goal set @docs "Review until no P2 findings remain." --token-budget 200000',
          'dispatch goal set @docs --objective-file goal.md --status paused',
          'dispatch goal set @docs --status active',
        ],
        view: { kind: 'line', template: '{ref}  {handle}  {goal.status}  {goal.objective}' },
      },
      mcp: { group: 'thread' },
    })
    .input(GoalSetInput)
    .output(GoalSetResult)
    .mutation(({ ctx, input }) => ctx.services.goal.set(input, ctx.call)),

  clear: procedure
    .meta({
      description: 'Take the goal of a lane away, with what it has counted.',
      intent: 'destroy',
      cliMeta: {
        examples: ['dispatch goal clear @docs --yes'],
        view: { kind: 'line', template: '{ref}  {handle}  cleared: {cleared}' },
      },
      mcp: { group: 'thread' },
    })
    .input(GoalClearInput)
    .output(GoalClearResult)
    .mutation(({ ctx, input }) => ctx.services.goal.clear(input, ctx.call)),
})
