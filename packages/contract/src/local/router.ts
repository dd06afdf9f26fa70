// The procedures that a surface carries out itself: the daemon's life, the manifest, the demo.
import { procedure } from '../procedure.ts'
import { DoctorInput, DoctorResult } from './doctor.ts'
import { DownInput, DownResult, RestartInput, UpInput, UpResult } from './lifecycle.ts'
import { ScenarioInput, ScenarioResult } from './scenario.ts'
import {
  CompletionInput,
  CompletionResult,
  DemoInput,
  DemoResult,
  McpInput,
  McpResult,
  SchemaInput,
  SchemaResult,
  TopInput,
  TopResult,
} from './tool.ts'

export const localProcedures = {
  up: procedure
    .meta({
      description: 'Start the daemon. Returns when it answers.',
      intent: 'write',
      runs: 'local',
      cliMeta: { examples: ['dispatch up'], view: { kind: 'fields' }, textSwitch: true },
    })
    .input(UpInput)
    .output(UpResult)
    .mutation(({ ctx, input }) => ctx.local.up(input, ctx.call)),

  down: procedure
    .meta({
      description:
        'End the daemon and its App Server. Pauses active goals until the next start; refused while other turns run.',
      intent: 'write',
      runs: 'local',
      plannedBy: 'daemon.shutdownPlan',
      cliMeta: {
        examples: ['dispatch down', 'dispatch down --drain', 'dispatch down --force --yes'],
        view: { kind: 'fields' },
        textSwitch: true,
      },
    })
    .input(DownInput)
    .output(DownResult)
    .mutation(({ ctx, input }) => ctx.local.down(input, ctx.call)),

  restart: procedure
    .meta({
      description: 'Start the daemon anew; turns go on. With --codex the App Server too.',
      intent: 'write',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch restart', 'dispatch restart --codex --drain'],
        view: { kind: 'fields' },
      },
    })
    .input(RestartInput)
    .output(UpResult)
    .mutation(({ ctx, input }) => ctx.local.restart(input, ctx.call)),

  doctor: procedure
    .meta({
      description:
        'Look at everything that dispatch needs and say what to do about what is wrong. Needs no daemon and no Codex.',
      intent: 'read',
      runs: 'local',
      verdict: true,
      cliMeta: {
        examples: ['dispatch doctor', 'dispatch doctor --no-app-server', 'dispatch doctor --fix'],
        view: { kind: 'findings', template: 'dispatch {version}: {status}', rows: 'checks' },
        textSwitch: true,
      },
    })
    .input(DoctorInput)
    .output(DoctorResult)
    .query(({ ctx, input }) => ctx.local.doctor(input, ctx.call)),

  schema: procedure
    .meta({
      description:
        'Print the JSON Schemas of a command, of all, of the configuration file, or of the tools of MCP.',
      intent: 'read',
      runs: 'local',
      cliMeta: {
        examples: [
          'dispatch schema send',
          'dispatch schema watch --follow',
          'dispatch schema "list --unmanaged"',
          'dispatch schema --all',
          'dispatch schema --config',
          'dispatch schema --tools grouped',
        ],
        view: { kind: 'fields' },
      },
      mcp: { tool: true, group: 'daemon' },
    })
    .input(SchemaInput)
    .output(SchemaResult)
    .query(({ ctx, input }) => ctx.local.schema(input, ctx.call)),

  mcp: procedure
    .meta({
      description:
        'Serve MCP on standard input and output, for a host that starts it. Ends with its input.',
      intent: 'write',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch mcp', 'dispatch mcp --tools each'],
        view: { kind: 'raw', field: 'said' },
      },
    })
    .input(McpInput)
    .output(McpResult)
    .mutation(({ ctx, input }) => ctx.local.mcp(input, ctx.call)),

  completion: procedure
    .meta({
      description: 'Print the completion script of a shell.',
      intent: 'read',
      runs: 'local',
      cliMeta: {
        examples: ['source <(dispatch completion bash)', 'dispatch completion fish | source'],
        view: { kind: 'raw', field: 'script' },
      },
    })
    .input(CompletionInput)
    .output(CompletionResult)
    .query(({ ctx, input }) => ctx.local.completion(input, ctx.call)),

  demo: procedure
    .meta({
      description:
        'Play the main job on the real Codex with a simulated model, in a throw-away home: no account, nothing of yours is touched.',
      intent: 'write',
      runs: 'local',
      cliMeta: { examples: ['dispatch demo'], view: { kind: 'raw', field: 'transcript' } },
    })
    .input(DemoInput)
    .output(DemoResult)
    .mutation(({ ctx, input }) => ctx.local.demo(input, ctx.call)),

  scenario: procedure
    .meta({
      description:
        'Play the lanes of a file in a throw-away home and check their answers, and what list, get and tail say of them. On the real Codex, with a simulated model unless told otherwise.',
      intent: 'write',
      runs: 'local',
      verdict: true,
      cliMeta: {
        examples: [
          'dispatch scenario examples/scenarios/basic_coordination.toml',
          'dispatch scenario smoke.toml --real --timeout 600',
        ],
        exits:
          'Exits 10 when an answer is not the expected one, 3 when the time is over, 6 when a person is asked, 1 when dispatch contradicts itself.',
        view: {
          kind: 'findings',
          template: '{scenario}: {status}, {codex} model, {durationMs} ms',
          rows: 'checks',
        },
      },
    })
    .input(ScenarioInput)
    .output(ScenarioResult)
    .mutation(({ ctx, input }) => ctx.local.scenario(input, ctx.call)),

  top: procedure
    .meta({
      description:
        'See lanes, requests, queues and triggers live on the whole screen, and work on them by keys: open a lane, send, answer, stop. Needs a terminal.',
      intent: 'write',
      runs: 'local',
      cliMeta: { examples: ['dispatch top'], view: { kind: 'raw', field: 'said' } },
    })
    .input(TopInput)
    .output(TopResult)
    .mutation(({ ctx, input }) => ctx.local.top(input, ctx.call)),
}
