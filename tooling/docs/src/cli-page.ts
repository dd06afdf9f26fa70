// The page on the commands: of each what it does, how it is typed and what it answers.
import { type Command, foldManifest, manifestToTables } from '@dispatch/cli'
import type { Manifest } from '@dispatch/contract'
import { type Known, listFields } from './field-list.ts'
import { findShapes, identityOf } from './shapes.ts'

const fence = (language: string, text: string): string[] => [`\`\`\`${language}`, text, '```', '']

const heading = 'Options of every command:'

// A help text without its first paragraph, the options of every command and the examples.
const usageOf = (help: string): string => {
  const [own = ''] = help.split(`\n${heading}`)
  return own.slice(own.indexOf('Usage:')).trimEnd()
}

const globalOptionsOf = (help: string): string => {
  const [, rest = ''] = help.split(`\n${heading}\n`)
  return (rest.split('\n\n')[0] ?? '').trimEnd()
}

const answerOf = (manifest: Manifest, op: string, known: Known): string[] => {
  const output = manifest.ops.find(({ path }) => path === op)?.output ?? {}
  return [...listFields(output, known), '']
}

const notesOf = ({ plain }: Command): string[] => {
  const starts = plain.runs === 'daemon' && plain.autostart
  return [
    ...(plain.intent === 'destroy' ? ['It asks before it acts; `--yes` says yes.'] : []),
    ...(plain.verdict
      ? ['A bad outcome is in `error` of the answer too, and sets the exit status.']
      : []),
    ...(starts ? ['It starts the daemon when none runs.'] : []),
  ]
}

const commandSection = (command: Command, setting: { manifest: Manifest; known: Known }) => {
  const { manifest, known } = setting
  const name = command.words.join(' ')
  const { help } = manifestToTables(manifest, '')
  const notes = notesOf(command)
  return [
    `## dispatch ${name}`,
    '',
    command.description,
    '',
    ...(notes.length > 0 ? [notes.join(' '), ''] : []),
    ...fence('text', usageOf(help()[name] ?? '')),
    ...fence('sh', command.examples.join('\n')),
    ...(command.plain.view.kind === 'raw'
      ? ['It prints text, also off a terminal.', '']
      : ['Answer:', '', ...answerOf(manifest, command.plain.op, known)]),
    ...(command.follow
      ? ['With `--follow`, each line:', '', ...answerOf(manifest, command.follow.op, known)]
      : []),
    ...(command.variant
      ? [
          `With \`--${command.variant.flag}\`:`,
          '',
          ...answerOf(manifest, command.variant.op, known),
        ]
      : []),
  ]
}

/** The page as Markdown. */
export const cliPage = (manifest: Manifest): string => {
  const commands = foldManifest(manifest)
  const shapes = findShapes(manifest)
  const identity = identityOf(manifest)
  const known: Known = { shapes, identity }
  const nothing: Known = { shapes: new Map(), identity: {} }
  const help = manifestToTables(manifest, '').help()[''] ?? ''
  return [
    '# Commands',
    '',
    'Made from the contract by `pnpm run docs`; do not edit. The JSON Schemas of a command are printed by `dispatch schema COMMAND`.',
    '',
    'Off a terminal, or with `--json`, a command prints one JSON document, `--follow` one a line. On a terminal it prints text. A time is ISO-8601 in UTC with milliseconds. Errors and exit statuses: [errors.md](errors.md). Events: [events.md](events.md).',
    '',
    'Options of every command:',
    '',
    ...fence('text', globalOptionsOf(help)),
    ...commands.flatMap((command) => commandSection(command, { manifest, known })),
    '## Identity of a lane',
    '',
    ...listFields(identity, nothing),
    '',
    ...[...shapes.values()].flatMap(({ title, schema }) => [
      `## ${title}`,
      '',
      ...listFields(schema, {
        ...known,
        shapes: new Map([...shapes].filter(([, shape]) => shape.title !== title)),
      }),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}
