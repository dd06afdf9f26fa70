// The usage guide: triggers, schemas, MCP, and its notes on safety.
import type { Part } from './entry.ts'

const noTriggers = 'Triggers come in a later version.'

const added = (flags: string, promise: string) => ({
  line: `dispatch trigger add ${flags}`,
  promise,
  later: noTriggers,
})

const schemaOf = (command: string) => ({
  line: `dispatch schema ${command.includes(' ') ? `"${command}"` : command}`,
  promise: 'prints the schemas of a command, as it is typed',
  gives: { command },
  proof: 'schemas of input and output' as const,
})

export const rest: readonly Part[] = [
  {
    title: 'usage: triggers',
    commands: 7,
    entries: [
      added(
        '--name docs-pulse --lane <dispatch-ref> --when interval --seconds 1800 --action send --text "Check whether the docs branch needs attention."',
        'a message every so often',
      ),
      added(
        '--name weekday-standup --lane <dispatch-ref> --when cron --cron "0 9 * * 1-5" --action send --text "Post a short standup summary."',
        'a message by the calendar',
      ),
      added(
        '--name after-idle --lane <dispatch-ref> --when idle_for --seconds 900 --action brief --text "If you resume, first re-read the current diff."',
        'context after a time of rest',
      ),
      { line: 'dispatch trigger list', promise: 'shows them', later: noTriggers },
      { line: 'dispatch trigger pause <trigger-id>', promise: 'pauses one', later: noTriggers },
      { line: 'dispatch trigger resume <trigger-id>', promise: 'resumes it', later: noTriggers },
      {
        line: 'dispatch trigger rm <trigger-id> --yes --json',
        promise: 'removes it',
        later: noTriggers,
      },
    ],
  },
  {
    title: 'usage: schemas',
    commands: 7,
    entries: [
      { line: 'dispatch list --json', promise: 'is JSON for scripts', gives: { nextCursor: null } },
      { line: 'dispatch schema send', again: true },
      schemaOf('list --unmanaged'),
      schemaOf('sync'),
      schemaOf('watch'),
      { line: 'dispatch schema models', again: true },
      schemaOf('goal set'),
    ],
  },
  {
    title: 'usage: MCP',
    commands: 1,
    entries: [
      {
        line: 'dispatch mcp',
        promise: 'serves the ops as tools',
        tested: {
          file: 'tooling/e2e/test/mcp.test.ts',
          title: 'the first call starts the daemon, and the main job is done with tools alone',
        },
      },
    ],
  },
  {
    title: 'usage: notes on safety',
    commands: 0,
    entries: [
      {
        beside: true,
        line: 'dispatch service install',
        promise: 'nothing is installed to start by itself unless it is asked for',
        later: 'There is no command for services yet.',
      },
      {
        beside: true,
        line: 'dispatch rollback <dispatch-ref> --turns 1 --yes',
        promise: 'history is cut back',
        gives: { ref: '<dispatch-ref>' },
      },
      {
        beside: true,
        line: 'dispatch rollback <dispatch-ref> --turns 1 --yes',
        promise: 'files stay as they are',
        tested: {
          file: 'apps/daemon/test/real/history.test.ts',
          title: 'takes turns back, out of the history alone',
        },
      },
    ],
  },
]
