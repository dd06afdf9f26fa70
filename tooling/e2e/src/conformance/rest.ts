// The usage guide: triggers, schemas, MCP, and its notes on safety.
import type { Part } from './entry.ts'

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
      {
        line: `dispatch trigger add \\
  --name docs-pulse \\
  --lane <dispatch-ref> \\
  --when interval \\
  --seconds 1800 \\
  --action send \\
  --text "Check whether the docs branch needs attention."`,
        promise: 'a message every so often, the first one after one interval',
        gives: { enabled: true, when: 'interval', seconds: 1800, action: 'send' },
        keeps: { '<trigger-id>': 'id' },
        proof: 'it is half an hour ahead',
      },
      {
        line: `dispatch trigger add \\
  --name weekday-standup \\
  --lane <dispatch-ref> \\
  --when cron \\
  --cron "0 9 * * 1-5" \\
  --action send \\
  --text "Post a short standup summary."`,
        promise: 'a message by the calendar of the caller',
        gives: { enabled: true, when: 'cron', cron: '0 9 * * 1-5' },
        proof: 'it is at nine on weekdays',
      },
      {
        line: `dispatch trigger add \\
  --name after-idle \\
  --lane <dispatch-ref> \\
  --when idle_for \\
  --seconds 900 \\
  --action brief \\
  --text "If you resume, first re-read the current diff."`,
        promise: 'context after a time of rest',
        gives: { enabled: true, when: 'idle_for', seconds: 900, action: 'brief' },
      },
      {
        beside: true,
        line: 'dispatch trigger add --name guarded --lane <dispatch-ref> --when turn_completed --action steer --text x --min-interval 60 --dedupe',
        promise: 'takes guards',
        gives: { minIntervalSeconds: 60, dedupe: true, idleOnly: false },
      },
      {
        beside: true,
        line: 'dispatch trigger add --name quiet --lane <dispatch-ref> --when interval --seconds 3600 --action send --text x --idle-only',
        promise: 'takes the guard of a lane at rest',
        gives: { idleOnly: true },
      },
      {
        beside: true,
        line: 'dispatch trigger add --name broken --lane <dispatch-ref> --when cron --cron "0 25 * * *" --action send --text x',
        promise: 'a cron expression is checked when it is given',
        refuses: 'validation',
        says: 'hour',
      },
      {
        line: 'dispatch trigger list',
        promise: 'shows them',
        gives: {
          triggers: [
            { name: 'docs-pulse', lane: { ref: '<dispatch-ref>' }, enabled: true },
            { name: 'weekday-standup' },
            { name: 'after-idle' },
            { name: 'guarded' },
            { name: 'quiet' },
          ],
        },
      },
      {
        line: 'dispatch trigger pause <trigger-id>',
        promise: 'pauses one',
        gives: { id: '<trigger-id>', enabled: false, state: 'paused', nextAt: null },
      },
      {
        line: 'dispatch trigger resume <trigger-id>',
        promise: 'resumes it',
        gives: { id: '<trigger-id>', enabled: true, state: 'active' },
      },
      {
        beside: true,
        line: 'dispatch trigger run <trigger-id>',
        promise: 'the message arrives as one that was sent',
        gives: { outcome: 'fired', lane: { ref: '<dispatch-ref>' }, delivery: { mode: 'send' } },
        proof: 'the lane heard of the docs branch',
      },
      {
        line: 'dispatch trigger rm <trigger-id> --yes --json',
        promise: 'removes it',
        gives: { id: '<trigger-id>', removed: true },
      },
      {
        beside: true,
        line: 'dispatch trigger get <trigger-id>',
        promise: 'it is there no more',
        refuses: 'not_found',
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
        refuses: 'usage',
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
