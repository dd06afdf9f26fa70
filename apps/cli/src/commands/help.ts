// The help texts: of the program, of a group, of a command. Rendered when the tables are generated,
// so that showing one costs a lookup.
import { type Command, type Field, commandName, firstSentence } from './command.ts'
import { type GlobalFlag, globalFlags } from './global-flags.ts'
import { HELP_WIDTH, twoColumns, wrapWords } from './wrap.ts'

const listed = (command: Command): [string, string] => [
  commandName(command),
  firstSentence(command.description),
]

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines]

const placeholder = (field: Field): string => {
  if (field.kind === 'number') return 'N'
  if (field.kind === 'pairs') return 'KEY=VALUE'
  if (field.json) return 'JSON'
  if (field.selector) return 'LANE'
  if (field.path) return 'DIR'
  const choices = field.choices?.join('|') ?? ''
  if (choices !== '' && choices.length <= 44) return choices
  return field.name.split('-').at(-1)?.toUpperCase() ?? ''
}

const notes = (field: Field, variant = ''): string => {
  const choices = field.choices?.join('|') ?? ''
  const parts = [
    field.required && !field.positional && !field.form && !field.notWith ? 'required' : '',
    field.kind === 'list' || field.kind === 'pairs' ? (field.positional ? '' : 'repeatable') : '',
    field.form === 'follow' ? 'with --follow' : '',
    field.form === 'plain' ? 'without --follow' : '',
    field.onlyWith ? `with --${field.onlyWith}` : '',
    field.notWith ? `without --${field.notWith}` : '',
    field.choicesInVariant ? `with --${variant}: ${field.choicesInVariant.join(', ')}` : '',
    choices.length > 44 ? `one of ${field.choices?.join(', ')}` : '',
  ].filter(Boolean)
  return parts.length > 0 ? ` (${parts.join('; ')})` : ''
}

const flagRows = (field: Field, variant: string | undefined): [string, string][] => {
  const value = field.kind === 'boolean' ? '' : ` ${placeholder(field)}`
  const short = field.short ? `-${field.short}, ` : '    '
  const name = field.negatable ? `[no-]${field.name}` : field.name
  const own: [string, string] = [
    `${short}--${name}${value}`,
    field.description + notes(field, variant),
  ]
  const file: [string, string] = [
    `    --${field.file} FILE`,
    `The same from a file; - is standard input`,
  ]
  return [...(field.positional ? [] : [own]), ...(field.file ? [file] : [])]
}

const usageWord = (field: Field): string => {
  const name = field.kind === 'list' ? `${field.name}...` : field.name
  const optional = field.file !== undefined || !field.required
  return optional ? `[${name}]` : `<${name}>`
}

const globalRow = ({ name, value, description }: GlobalFlag): [string, string] => [
  `    --${name}${value ? ` ${value}` : ''}`,
  description,
]

const followRow = (command: Command): [string, string][] =>
  command.follow ? [['    --follow', firstSentence(command.follow.description)]] : []

// The variant has a line of its own where it is typed in another way.
const usages = ({ words, fields, variant }: Command): string[] => {
  const operands = (own: readonly Field[]): string[] => own.map(usageWord)
  const positionals = fields.filter((field) => field.positional)
  const usage = (typed: string[]): string => ['dispatch', ...words, ...typed, '[options]'].join(' ')
  const chooser = fields.find(({ name }) => name === variant?.flag)
  const others = positionals.filter(({ notWith }) => notWith === undefined)
  return [
    usage(operands(positionals)),
    ...(chooser && others.length < positionals.length
      ? [usage([`--${chooser.name} ${placeholder(chooser)}...`, ...operands(others)])]
      : []),
  ]
}

const usageLines = (command: Command): string[] => {
  const lead = 'Usage: '
  return usages(command)
    .flatMap((usage) => wrapWords(usage, HELP_WIDTH - lead.length))
    .map((line, index) => (index === 0 ? lead + line : ' '.repeat(lead.length) + line))
}

/** The help of one command. */
export const commandHelp = (command: Command): string => {
  const positionals = command.fields.filter((field) => field.positional)
  const flags = command.fields.flatMap((field) => flagRows(field, command.variant?.flag))
  const options = [...followRow(command), ...flags]
  return [
    ...wrapWords(command.description, HELP_WIDTH),
    '',
    ...usageLines(command),
    ...section(
      'Arguments',
      twoColumns(
        positionals.map((field) => [
          field.name,
          field.description +
            (field.choices ? ` (${field.choices.join(', ')})` : '') +
            (field.file ? `; - is standard input` : ''),
        ]),
      ),
    ),
    ...section('Options', twoColumns(options)),
    ...section('Options of every command', twoColumns(globalFlags.map(globalRow))),
    ...section(
      'Examples',
      command.examples.map((example) => `  ${example}`),
    ),
    '',
  ].join('\n')
}

// The commands that begin with the word of a group.
const groupHelp = (commands: readonly Command[], word: string): string => {
  const own = commands.filter((command) => command.words.length > 1 && command.words[0] === word)
  return [
    `Usage: dispatch ${word} COMMAND [options]`,
    ...section('Commands', twoColumns(own.map(listed))),
    '',
    `"dispatch ${word} COMMAND --help" shows everything about one.`,
    '',
  ].join('\n')
}

const titleOf = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const rootHelp = (commands: readonly Command[]): string => {
  const root = commands.filter((command) => command.words.length === 1)
  const groups = new Set(commands.filter((c) => c.words.length > 1).map((c) => c.words[0] ?? ''))
  const sections: [string, Command[]][] = [
    ['Lanes', root.filter((command) => command.plain.runs === 'daemon')],
    ['This machine', root.filter((command) => command.plain.runs === 'local')],
    ...[...groups].map((group): [string, Command[]] => [
      titleOf(group),
      commands.filter((command) => command.words.length > 1 && command.words[0] === group),
    ]),
  ]
  return [
    ...wrapWords(
      'Several Codex threads at work at once: start lanes, give them messages, follow them.',
      HELP_WIDTH,
    ),
    '',
    'Usage: dispatch COMMAND [options]',
    ...sections.flatMap(([title, own]) => section(title, twoColumns(own.map(listed)))),
    ...section('Options of every command', twoColumns(globalFlags.map(globalRow))),
    '',
    '"dispatch COMMAND --help" shows everything about one.',
    '',
  ].join('\n')
}

/** Every help text by the words before `--help`. */
export const allHelp = (commands: readonly Command[]): Record<string, string> => {
  const groups = new Set(commands.filter((c) => c.words.length > 1).map((c) => c.words[0] ?? ''))
  return Object.fromEntries([
    ['', rootHelp(commands)],
    ...[...groups].map((group) => [group, groupHelp(commands, group)]),
    ...commands.map((command) => [commandName(command), commandHelp(command)]),
  ])
}
