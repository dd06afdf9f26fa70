// What the demo says and what the simulated model answers. The messages are what a person would write;
// the rules give each the lines that the simulator plays.

import type { Rule } from '../scene/spawn.ts'

/** A lane of the demo and its first message. */
export type Part = { name: string; text: string }

/** The lanes: two that come to an end, and one that is stopped in the middle. */
export const parts: readonly Part[] = [
  { name: 'docs', text: 'Write an outline of the README.' },
  { name: 'tests', text: 'Run the tests and tell me what fails.' },
  { name: 'refactor', text: 'Rename every module, one after the other.' },
]

/** The message that follows up on the first lane. */
export const followUp = 'And a title for it?'

/** The rules of the simulator. */
export const rules: readonly Rule[] = [
  {
    match: 'outline of the README',
    lines: [
      'type: 140ms Here is an outline: what it is for, how to install it, a first example, all commands, how it works inside, and where to get help.',
    ],
  },
  {
    match: 'Run the tests',
    lines: [
      "shell: echo '42 passed, 1 failed: clock.test.ts'",
      'type: 200ms One of 43 tests fails: clock.test.ts. It compares times of two zones.',
    ],
  },
  { match: 'Rename every module', lines: ['reply: Renaming.', 'stream: 600x100ms renamed'] },
  { match: 'a title for it', lines: ['type: 120ms How about: One desk for many agents.'] },
]
