// What the reference of the commands takes for granted when its examples are played, one after the other.
import {
  asksCommand,
  asksQuestion,
  features,
  goalWorks,
  lastRequest,
  leaves,
  type Preparation,
} from './preparation.ts'

export const commands: readonly Preparation[] = [
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
    given: "cp -r '/path/to/the/checkout/examples' .",
  },
  { at: 'dispatch top', keys: [['ready', 'q']] },
  { at: '# dispatch goal set', says: goalWorks },
  {
    at: '# dispatch queue list',
    given: `dispatch stop @docs
dispatch send @docs "gate: queue"
for n in 1 2 3; do dispatch send @docs "Then $n." --queue; done`,
    standIns: {
      '01990000-0000-7000-8000-000000000001': "dispatch queue list @docs | jq -r '.messages[0].id'",
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
  {
    at: '# dispatch trigger pause',
    given:
      'dispatch trigger add --name docs-pulse --lane @docs --when interval --seconds 1800 --action send --text "Go on."',
  },
  {
    at: '# dispatch registry backup',
    // A name that nothing has yet: a copy replaces no file. The home is one of this page alone.
    standIns: { '/backup/registry.db': 'mktemp -u "$HOME/backup-XXXXXX"' },
  },
]
