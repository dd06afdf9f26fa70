// The page on the tools, resources and prompts of `dispatch mcp`.
import type { Manifest } from '@dispatch/contract'
import { manifestToTools, prompts, resourcesOf, type ToolEntry } from '@dispatch/mcp/derived'
import { type Known, listFields } from './field-list.ts'
import { tableLines } from './table.ts'

const intro = `# MCP

Made from the contract by \`pnpm run docs\`; do not edit. The JSON Schemas of the tools are printed by \`dispatch schema --tools grouped\` and \`dispatch schema --tools each\`; how a host is set up is in the [guide](../guide/agents.md#mcp).

\`dispatch mcp\` serves MCP on standard input and output. It has a tool for each group of ops and for what they do (read, write, destroy), with \`op\` to choose one. With \`dispatch mcp --tools each\` every op is a tool of its own.

- A call is made as on the command line: the same defaults, the same bounds. Relative paths are meant from the directory that the server was started in. A field that is null is one that is not given.
- The answer is in \`structuredContent\`, and as JSON in the text. Where the call was refused or failed, \`isError\` is true and \`error\` has \`code\`, \`message\`, \`hint\`, \`retryable\`, \`details\`: see [errors.md](errors.md). A hint names the call that helps; a command in it is for a person.
- What destroys needs \`confirm: true\`. Without it nothing is done, and the error names the op and what it would be done to; that of \`detach\` also says what would be lost, and there is none where nothing would be.
- A call that the host cancels is given up; one that began a turn of its own (\`run\`) stops it. What was committed stays.
- With a progress token, a call of more than a second says how long it takes, and what happens in the lanes that it names.
- A lane that is half typed in an argument of a prompt, or in the address of a resource, is completed.
- The daemon is started by a call that needs it. A call is made in the name of the Codex thread that the host names with it, else of \`CODEX_THREAD_ID\`.
`

const nothingKnown: Known = { shapes: new Map(), identity: {} }

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const overview = (entries: readonly ToolEntry[]): string[] =>
  tableLines(
    ['tool', 'ops'],
    entries.map(({ tool, ops }) => [`\`${tool.name}\``, list(ops.map(({ name }) => name))]),
  )

const toolSection = ({ tool, ops }: ToolEntry, nameOf: ReadonlyMap<string, string>): string[] => [
  `## ${tool.name}`,
  '',
  ...tableLines(
    ['op', 'on its own', 'needs', 'what it does'],
    ops.map(({ name, op }) => [
      `\`${name}\``,
      `\`${nameOf.get(op.path) ?? ''}\``,
      list((op.input.required as string[] | undefined) ?? []) || '-',
      opWords(tool.description, name),
    ]),
  ),
  '',
  'Fields, with the ops that take them where not all do:',
  '',
  ...listFields(tool.inputSchema, nothingKnown)
    .join('\u0000')
    .replaceAll('\n', '; ')
    .split('\u0000'),
  '',
]

// As the tool itself says it.
const opWords = (description: string, name: string): string => {
  const line = description
    .split('\n')
    .find((one) => one.startsWith(`- ${name}:`) || one.startsWith(`- ${name} (`))
  return (line?.replace(/^- \w+(?: \([^)]*\))?: /, '') ?? '').replaceAll('|', '\\|')
}

/** The page as Markdown. */
export const mcpPage = (manifest: Manifest): string => {
  const grouped = manifestToTools(manifest, 'grouped')
  const nameOf = new Map(
    manifestToTools(manifest, 'each').flatMap(({ tool, ops }) =>
      ops.map(({ op }): [string, string] => [op.path, tool.name]),
    ),
  )
  return [
    intro,
    ...overview(grouped),
    '',
    ...grouped.flatMap((entry) => toolSection(entry, nameOf)),
    '## Resources',
    '',
    'JSON, as the op of that name answers with its defaults: where it answers page by page, the first page. The others are read with the tool that has the op, by `cursor`. `{lane}` is any name of a lane, encoded as in URLs; lists name lanes by their thread id. A host that subscribes is told when one may have changed, and when there are other lanes.',
    '',
    ...tableLines(
      ['address', 'what it is', 'op', 'changes after events, or ops'],
      resourcesOf(manifest).map(({ template, title, op, changes }) => [
        `\`${template}\``,
        title,
        `\`${op.path}\``,
        list(changes.map((beginning) => (beginning.endsWith('.') ? `${beginning}*` : beginning))),
      ]),
    ),
    '',
    '## Prompts',
    '',
    ...tableLines(
      ['prompt', 'arguments', 'what it is for'],
      prompts.map(({ prompt }) => [
        `\`${prompt.name}\``,
        list((prompt.arguments ?? []).map(({ name, required }) => (required ? name : `[${name}]`))),
        prompt.description ?? '',
      ]),
    ),
    '',
  ].join('\n')
}
