// The page on the keys of configuration files, from the schema that reads them.
import { configFileSchema } from '@dispatch/contract'
import { fieldsOf, type Schema, type SchemaField, typeName } from './schema.ts'
import { tableLines } from './table.ts'

const intro = `# Configuration

Made from the contract by \`pnpm run docs\`; do not edit. The same as a JSON Schema, for editors: \`config.schema.json\`.

Two files count: the global \`$DISPATCH_HOME/config.toml\`, and of a repository the nearest \`.dispatch/config.toml\` from the caller's directory upward. They are read at use. What wins, the last first: flags, presets from left to right, the repository's \`[defaults]\`, the global \`[defaults]\`, what is built in. A preset that both files have is the global one under the repository's. \`env\` adds up, variable by variable; everything else is replaced. \`dispatch config show\` prints every value with its origin, \`dispatch new --name NAME --dry-run\` the plan of one lane.

Paths are meant from the directory that contains \`.dispatch\` (of a home by another name: from the home); \`~/\` is the user's home. Where a key and one for a file say the same, the text wins; a key of a table wins over its \`instructions\`.

\`prefix\` takes \`\${DISPATCH.CWD.REPO}\` (the nearest directory with \`.git\`, else the lane's own), \`\${DISPATCH.CWD.BASENAME}\` and \`\${DISPATCH.PRESET}\` (the last one). Built in is \`[\${DISPATCH.CWD.REPO}]\`; an empty one is none; a name that has it already does not get it again.

A repository is trusted with its own lanes alone. Its file has \`[defaults]\` and \`[presets.NAME]\` only, and a new lane is refused where it would take from it: \`sandbox = "danger-full-access"\`, \`network = true\`, \`add_dir\`, \`env\`, a \`cwd\` or a file outside of the repository, or anything at all where the file belongs to another user. \`dispatch config trust\` allows it for the file as it is now; another content needs it anew.
`

const wordsOf = ({ description }: Schema): string =>
  typeof description === 'string' ? description : ''

const typeOf = (schema: Schema): string => {
  const name = typeName(schema).replaceAll('|', '\\|')
  return schema.default === undefined ? name : `${name}; \`${JSON.stringify(schema.default)}\``
}

const keyLines = (fields: readonly SchemaField[]): string[] =>
  tableLines(
    ['key', 'type; built in', 'what it is'],
    fields.map(({ name, schema }) => [
      `\`${name}\``,
      typeOf(schema),
      wordsOf(schema).replaceAll('|', '\\|'),
    ]),
  )

const tableSection = ({ name, schema }: SchemaField): string[] => [
  `## [${name}]`,
  '',
  `${wordsOf(schema)}. Global only.`,
  '',
  ...keyLines(fieldsOf(schema)),
  '',
]

/** The page as Markdown. */
export const configPage = (): string => {
  const [defaults, , ...tables] = fieldsOf(configFileSchema())
  return [
    intro,
    '## [defaults], [presets.NAME]',
    '',
    'Values for new lanes: the flags of `new`, with `_` for `-`.',
    '',
    ...keyLines(defaults ? fieldsOf(defaults.schema) : []),
    '',
    ...tables.flatMap(tableSection),
  ].join('\n')
}
