// The procedures on lanes themselves.
import type { Column } from '../meta.ts'
import { procedure } from '../procedure.ts'
import { ActionResult, ArchiveInput, RenameInput, RestoreInput } from './action.ts'
import { BeginningInput, BeginningResult } from './beginning.ts'
import { GetInput, GetResult, ListInput, ListResult } from './list.ts'
import { NewInput, NewResult } from './new.ts'
import { RunInput, RunResult } from './run.ts'
import { SetInput, SetResult } from './set.ts'

const laneColumns: Column[] = [
  { field: 'ref', title: 'REF', whole: true },
  { field: 'handle', title: 'HANDLE', whole: true },
  {
    field: 'status',
    title: 'STATUS',
    marks: ['flags.held', 'flags.stalled', 'latestTurn.reason'],
  },
  { field: 'latestTurn.status', title: 'LAST TURN' },
  { field: 'updatedAt', title: 'UPDATED' },
  { field: 'cwd', title: 'CWD' },
]

/** new, run, list, get. */
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
          'dispatch new --name review --goal "No P2 findings remain." --text "Begin with src/."',
          'dispatch new --name later --no-send',
          'dispatch new --name review --preset reviewer --dry-run',
        ],
        view: {
          kind: 'line',
          template: '{ref}  {handle}  {status}  {cwd}',
          message: 'lastMessage',
          instead: {
            kind: 'table',
            rows: 'plan',
            columns: [
              { field: 'key', title: 'KEY' },
              { field: 'value', title: 'VALUE' },
              { field: 'origin', title: 'ORIGIN' },
              { field: 'section', title: 'TABLE' },
            ],
            empty: 'Nothing is set.',
          },
        },
      },
      laneTool: {
        usual: true,
        bound: 'makes',
        fields: [
          'name',
          'text',
          'presets',
          'cwd',
          'sandbox',
          'approvalPolicy',
          'network',
          'addDir',
          'model',
          'effort',
          'developerInstructions',
          'outputSchema',
          'wait',
          'timeoutSeconds',
        ],
        note: 'The lane may do no more than you: what you leave out is as with you. Its agent knows nothing of what you know but the message.',
      },
    })
    .input(NewInput)
    .output(NewResult)
    .mutation(({ ctx, input }) => ctx.services.new(input, ctx.call)),

  run: procedure
    .meta({
      description:
        'Give a message to a lane of its own, print the final message, archive the lane. What ends the run early stops its turn.',
      intent: 'write',
      verdict: true,
      ownsTurn: true,
      cliMeta: {
        examples: [
          'dispatch run "Which flag is missing in the README?"',
          'git diff | dispatch run --input-file - --preset reviewer --timeout 600',
          'dispatch run "Fix the tests." --sandbox workspace-write --keep --name fix',
        ],
        view: {
          kind: 'line',
          template: '{ref}  {handle}  {status}  {turn.status}',
          message: 'lastMessage',
        },
      },
    })
    .input(RunInput)
    .output(RunResult)
    .mutation(({ ctx, input }) => ctx.services.run(input, ctx.call)),

  list: procedure
    .meta({
      description: 'List the lanes that dispatch manages.',
      intent: 'read',
      cliMeta: {
        examples: [
          'dispatch list',
          'dispatch list --status busy --json',
          'dispatch list --order attention --limit 5',
        ],
        view: {
          kind: 'table',
          rows: 'lanes',
          columns: laneColumns,
          empty: 'No lanes here. dispatch new --name NAME --text "..." makes one.',
        },
      },
      mcp: {
        resource: {
          title: 'Lanes',
          uris: ['dispatch://lanes'],
          changes: ['lane.', 'turn.', 'request.', 'delivery.', 'goal.', 'queue.', 'sync'],
        },
      },
      laneTool: { usual: true, bound: 'reads', fields: ['status', 'cwd', 'limit', 'cursor'] },
    })
    .input(ListInput)
    .output(ListResult)
    .query(({ ctx, input }) => ctx.services.list(input, ctx.call)),

  lanesBeginning: procedure
    .meta({
      description: 'Find the lanes that a half-typed word may mean.',
      intent: 'read',
      autostart: false,
      hidden: true,
      cliMeta: { examples: [], view: { kind: 'fields' } },
    })
    .input(BeginningInput)
    .output(BeginningResult)
    .query(({ ctx, input }) => ctx.services.lanesBeginning(input, ctx.call)),

  get: procedure
    .meta({
      description: 'Show everything that dispatch knows of one lane.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch get 0k7M4a', 'dispatch get @docs --include-transcript'],
        view: { kind: 'fields' },
      },
      mcp: {
        resource: {
          title: 'Lane',
          uris: ['dispatch://lanes/{lane}'],
          changes: ['lane.', 'turn.', 'request.', 'delivery.', 'goal.', 'usage.', 'queue.', 'sync'],
        },
      },
      laneTool: { usual: true, bound: 'reads', fields: ['lane', 'includeTranscript', 'maxItems'] },
    })
    .input(GetInput)
    .output(GetResult)
    .query(({ ctx, input }) => ctx.services.get(input, ctx.call)),
}

/** set, rename, archive, restore. */
export const laneActionProcedures = {
  set: procedure
    .meta({
      description: 'Change what the turns of a lane run under, from its next turn on.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch set @docs --effort high --model gpt-6.1-sol',
          'dispatch set @docs --unset model --unset effort',
        ],
        view: { kind: 'line', template: '{ref}  {handle}  changed: {changed}' },
      },
    })
    .input(SetInput)
    .output(SetResult)
    .mutation(({ ctx, input }) => ctx.services.set(input, ctx.call)),

  rename: procedure
    .meta({
      description: 'Give a lane another name, in dispatch and in Codex.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch rename 0k7M4a docs-final'],
        view: { kind: 'line', template: '{ref}  {handle}  {title}' },
      },
      laneTool: { bound: 'own', fields: ['lane', 'name'], note: 'Only a lane that you made.' },
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
      laneTool: { bound: 'own', fields: ['lane', 'force'], note: 'Only a lane that you made.' },
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
