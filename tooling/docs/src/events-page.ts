// The page on the events.
import { eventTypes } from '@dispatch/contract'
import { eventWords } from './event-words.ts'
import { tableLines } from './table.ts'

const intro = `# Events

Made from the contract by \`pnpm run docs\`; do not edit.

\`dispatch watch --follow\` prints events in the order in which they were stored, one JSON object a line:

- \`cursor\`: the position to resume after with \`--after\`; null on events that are only live
- \`at\`: when it happened
- \`lane\`: \`ref\`, \`id\` and \`handle\` of the lane; null where it is about none
- \`type\`: one of the table
- \`data\`: the rest, by type
`

const outro = `
## Gaps

A \`gap\` stands where a follower does not get everything. \`data.kind\` says why:

- \`live\`: nobody listened to Codex for a while, or the follower was too slow: deltas and the like are lost. Durable events are not: they are filled up from the history of Codex. Stored with a cursor after each new connection to an App Server that had work; made for one follower where it was too slow.
- \`retention\`: the log does not reach back to the cursor. It keeps 14 days and at most 1,000,000 events.
- \`epoch\`: the cursor is of events that the log does not have any more: a power failure took the newest, or an older copy of the registry was put back.

\`from\` and \`to\` are cursors, where a gap was made for one follower.
`

/** The page as Markdown. */
export const eventsPage = (): string =>
  [
    intro,
    ...tableLines(
      ['type', 'when', 'data', 'cursor'],
      eventTypes.map((type) => {
        const { when, data, live } = eventWords[type]
        return [`\`${type}\``, when, data, live ? 'no' : 'yes']
      }),
    ),
    outro,
  ].join('\n')
