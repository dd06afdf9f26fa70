// The page on the tools of agents in lanes.
import type { Manifest } from '@dispatch/contract'
import { type LaneTool, opsToOffer } from '@dispatch/tools'
import { type Known, listFields } from './field-list.ts'
import { tableLines } from './table.ts'

const intro = `# Tools of agents in lanes

Made from the contract by \`pnpm run docs\`; do not edit. What agents do with them, and within which bounds, is on [the page on lane tools](../lane-tools.md). A call is made as on the command line, with the fields below; what is answered stands in [cli.md](cli.md).
`

const bounds: Record<LaneTool['meta']['bound'], string> = {
  reads: '-',
  waits: '`wait_seconds`; never for itself',
  sends: '`messages_per_minute`; `steer` and `interject` for lanes that the agent made',
  makes:
    '`max_depth`, `max_children`, `max_below`, `messages_per_minute`; no more than the lane of the agent',
  own: 'lanes that the agent made',
}

const nothingKnown: Known = { shapes: new Map(), identity: {} }

const toolSection = ({ entry: { tool } }: LaneTool): string[] => {
  const fields = listFields(tool.inputSchema, nothingKnown)
  return [
    `## ${tool.name}`,
    '',
    tool.description,
    '',
    ...fields,
    ...(fields.length > 0 ? [''] : []),
  ]
}

/** The page as Markdown. */
export const laneToolsPage = ({ ops }: Manifest): string => {
  const offer = opsToOffer(ops)
  const tools = offer.of(ops.map(({ path }) => path))
  return [
    intro,
    ...tableLines(
      ['tool', 'name in `[lane_tools] ops`', 'usual', 'bounded by'],
      tools.map(({ entry, op, meta }) => [
        `\`${entry.tool.name}\``,
        `\`${op.path}\``,
        meta.usual ? 'yes' : 'no',
        bounds[meta.bound],
      ]),
    ),
    '',
    ...tools.flatMap(toolSection),
  ].join('\n')
}
