// What pages take for granted when their examples are played. The words are those of place.ts.
import type { ScenarioRule } from '@dispatch/model-simulator'
import type { Keys } from './foreground.ts'

/** What is made so before examples of a page. */
export type Preparation = {
  /** Before the first example below that heading (`# Heading`), or before each line that reads so; else at once. */
  at?: string
  /** A script of bash. */
  given?: string
  /** What a page writes for what only a world can tell, with the command that tells it. */
  standIns?: Readonly<Record<string, string>>
  /** What a page writes for a delivery that nobody can judge; there is one then. */
  unjudged?: string
  /** Variables of the environment from there on, each with the command that tells it. */
  env?: Readonly<Record<string, string>>
  /** What the model answers. */
  says?: readonly ScenarioRule[]
  /** What is typed into the line's terminal. */
  keys?: Keys
}

const lastRequest = "dispatch request list | jq -r '.requests[0].id'"

const features = `
cat >>"$CODEX_HOME/config.toml" <<'END'
[features]
default_mode_request_user_input = true
request_permissions_tool = true
END
`

const question = {
  ...{ id: 'branch', header: 'Branch', question: 'Which branch?' },
  options: [
    { label: 'main', description: 'the usual one' },
    { label: 'next', description: 'the other one' },
  ],
}
const asksQuestion = `asks 'tool: request_user_input ${JSON.stringify({ questions: [question] })}'`
const wish = { network: { enabled: true }, file_system: { write: ['/srv/data', '/srv/more'] } }
const asksPermission = `asks 'tool: request_permissions ${JSON.stringify({ reason: 'to fetch', permissions: wish })}'`
const asksCommand = "asks 'shell-escalated: ls'"

// Codex's own terminal UI, left.
const leaves: Keys = [
  ['Hello.', '\u0003'],
  ['', '\u0003'],
]

const yes: Keys = [['[y/N]', 'y\r']]

// A turn of a goal that works until it is stopped.
const goalWorks: readonly ScenarioRule[] = [{ kind: 'goal', lines: ['gate: goal'] }]

export const preparations: Readonly<Record<string, readonly Preparation[]>> = {
  'AGENTS.md': [
    {
      standIns: {
        'tooling/model-simulator': "echo '/path/to/the/checkout/tooling/model-simulator'",
        '/the/directory/that/it/said': 'echo "$CODEX_HOME"',
      },
    },
    {
      at: 'pnpm exec node tooling/model-simulator/src/main.ts --codex-home "$(mktemp -d)/codex"',
      keys: [['codex', '\u0003']],
    },
  ],
  'README.md': [
    {
      at: '# A session',
      says: [
        {
          match: 'README',
          lines: ['quiet: docs', 'reply: The README does not mention --jobs. The rest is there.'],
        },
        {
          match: 'tests',
          lines: [
            'quiet: tests',
            'reply: One of 43 tests fails: clock.test.ts compares times of two zones, and one of them has summer time.',
          ],
        },
        { match: 'Rename', lines: ['quiet: rename'] },
        { match: 'Add it', lines: ['reply: Added --jobs below --quiet, with an example.'] },
      ],
    },
    { at: 'dispatch list', given: 'opened docs; opened tests; idle @docs @tests' },
    { at: '# Real use', given: 'dispatch archive @docs --yes; idle @rename' },
  ],
  'docs/configuration.md': [{ given: 'repository' }],
  'docs/ownership.md': [
    {
      at: '# Taking in',
      given: 'session Hello.',
      standIns: { '01a08340-5251-7d23-87b0-50f6e1911115': 'found' },
    },
    {
      at: 'dispatch adopt 0k7M4a',
      standIns: { '0k7M4a': 'ref 01a08340-5251-7d23-87b0-50f6e1911115' },
    },
    {
      at: '# Sharing',
      given: 'lane docs',
      standIns: { '0k7M4a': 'ref @docs' },
    },
    { at: 'dispatch open 0k7M4a', keys: leaves },
  ],
  'docs/operations.md': [{ at: 'dispatch service install', keys: yes }],
  'docs/scenarios.md': [
    { given: `cp -r '/path/to/the/checkout/examples' . && echo "$TOML" >smoke.toml` },
  ],
  'docs/reference/cli.md': [
    { at: '# dispatch new', given: 'repository', says: goalWorks },
    {
      at: '# dispatch get',
      given: 'dispatch stop @review; idle @docs; lane tests',
      standIns: { '0k7M4a': 'ref @docs' },
    },
    {
      at: '# dispatch send',
      says: [{ match: 'Then the changelog', lines: ['gate: changelog'] }],
    },
    { at: 'dispatch send @docs "And the changelog?" --wait', given: 'idle @docs' },
    { at: '# dispatch wait', given: 'opened changelog; idle @docs; lane a b' },
    {
      at: 'dispatch watch @docs --limit 20 --timeout 10',
      given: 'dispatch send @docs "stream: 100000x10ms word"',
    },
    { at: '# dispatch archive', given: 'dispatch rename 0k7M4a docs' },
    { at: '# dispatch rollback', given: 'idle 0k7M4a' },
    {
      at: '# dispatch attach',
      given: 'session Hello.',
      standIns: { '01a08340-5251-7d23-87b0-50f6e1911115': 'found' },
    },
    {
      at: '# dispatch adopt',
      standIns: { '0k7M4a': 'ref 01a08340-5251-7d23-87b0-50f6e1911115' },
    },
    { at: 'dispatch open 0k7M4a', keys: leaves },
    { at: '# dispatch notify', given: `configured '[notify]\ncommand = ["notify-send"]'` },
    {
      at: '# dispatch scenario',
      given: `cp -r '/path/to/the/checkout/examples' .; cp examples/scenarios/commands.toml smoke.toml`,
    },
    { at: 'dispatch top', keys: [['ready', 'q']] },
    { at: '# dispatch goal set', says: goalWorks },
    {
      at: '# dispatch queue list',
      given: `dispatch stop @docs
dispatch send @docs "gate: queue"
for n in 1 2 3; do dispatch send @docs "Then $n." --queue; done`,
      standIns: {
        '01990000-0000-7000-8000-000000000001':
          "dispatch queue list @docs | jq -r '.messages[0].id'",
      },
    },
    {
      at: '# dispatch delivery get',
      given: 'opened queue; idle @docs',
      unjudged: '01990000-0000-7000-8000-000000000001',
    },
    { at: '# dispatch delivery retry', unjudged: '01990000-0000-7000-8000-000000000001' },
    {
      at: 'dispatch delivery retry 01990000-0000-7000-8000-000000000001 --text "Again, please."',
      given: 'idle @docs',
      unjudged: '01990000-0000-7000-8000-000000000001',
    },
    {
      at: '# dispatch delivery discard',
      given: 'idle @docs',
      unjudged: '01990000-0000-7000-8000-000000000001',
    },
    { at: '# dispatch request list', given: asksCommand, standIns: { '01a1fc80': lastRequest } },
    ...[
      'dispatch request approve 01a1fc80 --for-session',
      'dispatch request deny 01a1fc80',
      'dispatch request deny 01a1fc80 --message "Use the Makefile."',
      'dispatch request deny 01a1fc80 --cancel-turn',
    ].map((at) => ({ at, given: asksCommand, standIns: { '01a1fc80': lastRequest } })),
    {
      at: '# dispatch request respond',
      given: `${features}dispatch restart --codex --drain; ${asksQuestion}`,
      standIns: { '01a1fc80': lastRequest },
    },
    {
      at: '# dispatch trigger get',
      standIns: {
        '01990000-0000-7000-8000-000000000001': "dispatch trigger list | jq -r '.triggers[0].id'",
      },
    },
    ...['# dispatch trigger pause'].map((at) => ({
      at,
      given:
        'dispatch trigger add --name docs-pulse --lane @docs --when interval --seconds 1800 --action send --text "Go on."',
    })),
    {
      at: '# dispatch registry backup',
      standIns: { '/backup/registry.db': 'mktemp -u "$HOME/backup-XXXXXX"' },
    },
  ],
  'docs/search.md': [{ given: 'lane docs' }],
  'docs/guide/daemon.md': [
    { given: 'dispatch up', standIns: { '~/.dispatch': 'echo "$DISPATCH_HOME"' } },
  ],
  'docs/guide/lanes.md': [
    { at: 'dispatch new --name tests --no-send', given: 'lane tests' },
    { at: '# One message, one lane', given: 'repository' },
    { at: '# Following', given: 'idle @docs' },
    {
      at: 'dispatch watch @docs --limit 20 --timeout 10',
      given: 'dispatch send @docs "stream: 100000x10ms word"',
    },
    { at: '# Being told', given: 'dispatch stop @docs; configured "$TOML"' },
    { at: '# Goals', says: goalWorks },
    { at: '# Stopping', given: 'busy rename' },
    { at: '# Stalled lanes', given: 'dispatch send @docs "hang: headers"' },
    {
      at: '# Sessions of others',
      given: 'dispatch archive @docs --yes; session Hello.',
      standIns: { '01a08340-5251-7d23-87b0-50f6e1911115': 'found' },
    },
    {
      at: 'dispatch sync @docs',
      given: 'dispatch rename 01a08340-5251-7d23-87b0-50f6e1911115 docs',
    },
  ],
  'docs/guide/messages.md': [
    { at: '# Messages', given: 'lane docs tests' },
    { at: 'dispatch send @docs --input-file notes.md', given: 'idle @docs' },
    { at: 'git diff | dispatch send @docs -', given: 'idle @docs' },
    { at: 'dispatch send @docs "And the tests?" --wait --timeout 600', given: 'idle @docs' },
    {
      at: '# Queue and deliveries',
      given: `idle @docs; dispatch send @docs "gate: docs"
for n in 1 2 3; do dispatch send @docs "Then $n." --queue; done`,
      standIns: { ID: "dispatch queue list @docs | jq -r '.messages[0].id'" },
    },
    {
      at: 'dispatch delivery list --lane @docs --state ambiguous',
      given: 'opened docs; idle @docs',
      unjudged: 'ID',
    },
    {
      at: 'dispatch delivery discard ID --yes     # give an ambiguous one up: the lane goes on',
      given: 'idle @docs',
      unjudged: 'ID',
    },
  ],
  'docs/guide/requests.md': [
    { given: `${features}${asksCommand}`, standIns: { '01a1fcb0': lastRequest } },
    {
      at: 'dispatch request deny 01a1fcb0 --message "Use the Makefile."',
      given: asksCommand,
      standIns: { '01a1fcb0': lastRequest },
    },
    {
      at: `dispatch request respond 01a1fcb0 '{"branch": "main"}'`,
      given: asksQuestion,
      standIns: { '01a1fcb0': lastRequest },
    },
    {
      at: `dispatch request respond 01a1fcb0 '{"network": true, "files": ["/srv/data"], "forSession": false}'`,
      given: asksPermission,
      standIns: { '01a1fcb0': lastRequest },
    },
  ],
  'docs/guide/triggers.md': [{ given: 'lane docs review' }],
  'plugins/dispatch/skills/dispatch/SKILL.md': [
    {
      at: '# Sending',
      given: 'lane tests',
      standIns: { '0xjNk1': 'ref @docs', '0mG3B1': 'ref @tests' },
      says: [{ match: 'Now the changelog|guide first|After that', lines: ['gate: changelog'] }],
    },
    { at: '# When a lane asks', given: asksCommand, standIns: { '01a1fcb0': lastRequest } },
    {
      at: 'dispatch request deny 01a1fcb0 --message "Use the Makefile."',
      given: asksCommand,
      standIns: { '01a1fcb0': lastRequest },
    },
  ],
  'plugins/dispatch/skills/dm/SKILL.md': [
    {
      given: 'lane docs tests',
      standIns: { '0xjNk1': 'ref @docs' },
      env: { CODEX_THREAD_ID: 'dispatch get @tests | jq -r .id' },
    },
  ],
}
