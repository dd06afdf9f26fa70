// What pages take for granted when their examples are played.
import {
  asksCommand,
  asksPermission,
  asksQuestion,
  features,
  goalWorks,
  lastRequest,
  leaves,
  type Preparation,
  yes,
} from './preparation.ts'
import { commands } from './reference-preparations.ts'

export const preparations: Readonly<Record<string, readonly Preparation[]>> = {
  'docs/reference/cli.md': commands,
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
