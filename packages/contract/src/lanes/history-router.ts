// The procedures on the history of lanes.
import { procedure } from '../procedure.ts'
import {
  CompactInput,
  CompactResult,
  ForkInput,
  ForkResult,
  RollbackInput,
  RollbackResult,
} from './history.ts'

/** fork, compact, rollback. */
export const historyProcedures = {
  fork: procedure
    .meta({
      description:
        'Make a lane that goes on from the history of another. Both go their own ways from there; they share the directory.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch fork 0k7M4a --name other-way'],
        view: { kind: 'line', template: '{ref}  {handle}  {status}  {cwd}' },
      },
    })
    .input(ForkInput)
    .output(ForkResult)
    .mutation(({ ctx, input }) => ctx.services.fork(input, ctx.call)),

  compact: procedure
    .meta({
      description:
        'Let Codex sum up what a lane has said so far, so that its next turns cost less. A turn of its own; the visible history stays.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch compact 0k7M4a'],
        view: { kind: 'line', template: '{ref}  {handle}  {status}  {turnId}' },
      },
    })
    .input(CompactInput)
    .output(CompactResult)
    .mutation(({ ctx, input }) => ctx.services.compact(input, ctx.call)),

  rollback: procedure
    .meta({
      description:
        'Take the newest turns of a lane back, out of its history alone: the files that they changed stay as they are.',
      intent: 'destroy',
      cliMeta: {
        examples: ['dispatch rollback 0k7M4a --turns 1 --yes'],
        view: { kind: 'line', template: '{ref}  {handle}  {status}  {latestTurnId}' },
      },
    })
    .input(RollbackInput)
    .output(RollbackResult)
    .mutation(({ ctx, input }) => ctx.services.rollback(input, ctx.call)),
}
