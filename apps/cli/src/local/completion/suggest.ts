// What may stand at the cursor: commands, flags, choices, lanes, files. Made from the commands alone;
// the lanes are asked for by the caller's function, and only where one may stand.
import { type Command, type Field, commandName, firstSentence } from '../../commands/command.ts'
import { findCommand } from '../../commands/find.ts'
import { globalFlags } from '../../commands/global-flags.ts'

/** One completion. */
export type Suggestion = { value: string; description: string }

/** Completions, and whether a file may stand there as well. */
export type Suggestions = { found: Suggestion[]; files: boolean }

/** Gives the lanes that there are. */
export type Lanes = () => Promise<Suggestion[]>

const nothing: Suggestions = { found: [], files: false }

const only = (found: Suggestion[]): Suggestions => ({ found, files: false })

const choices = (values: readonly string[]): Suggestions =>
  only(values.map((value) => ({ value, description: '' })))

const nextWords = (commands: readonly Command[], typed: readonly string[]): Suggestion[] => {
  const found = new Map<string, Suggestion>()
  for (const command of commands) {
    const word = command.words[typed.length]
    if (word === undefined || !typed.every((one, at) => command.words[at] === one)) continue
    const isLast = command.words.length === typed.length + 1
    const description = isLast ? firstSentence(command.description) : `${word} ...`
    if (!found.has(word)) found.set(word, { value: word, description })
  }
  return [...found.values()]
}

const flagsOf = (command: Command): Suggestion[] => [
  ...command.fields.flatMap((field) => [
    ...(field.positional ? [] : [{ value: `--${field.name}`, description: field.description }]),
    ...(field.negatable ? [{ value: `--no-${field.name}`, description: field.description }] : []),
    ...(field.file ? [{ value: `--${field.file}`, description: `${field.name} from a file` }] : []),
  ]),
  ...(command.follow ? [{ value: '--follow', description: command.follow.description }] : []),
  ...globalFlags.map(({ name, description }) => ({ value: `--${name}`, description })),
  { value: '--help', description: `All about ${commandName(command)}` },
]

const valuesOf = async (field: Field, lanes: Lanes): Promise<Suggestions> => {
  if (field.choices) return choices(field.choices)
  if (field.selector) return only(await lanes())
  return field.path ? { found: [], files: true } : nothing
}

// The suggestions for the value of the flag before the cursor; null where that flag takes none.
const flagValue = async (
  command: Command,
  flag: string | undefined,
  lanes: Lanes,
): Promise<Suggestions | null> => {
  const global = globalFlags.find(({ name, value }) => value !== undefined && flag === `--${name}`)
  if (global) return global.choices ? choices(global.choices) : { found: [], files: true }
  if (command.fields.some((field) => field.file && flag === `--${field.file}`)) {
    return { found: [], files: true }
  }
  const field = command.fields.find(
    (one) =>
      !one.positional && (flag === `--${one.name}` || (one.short && flag === `-${one.short}`)),
  )
  return field && field.kind !== 'boolean' ? valuesOf(field, lanes) : null
}

const takesValue = (command: Command, flag: string): boolean =>
  !flag.includes('=') &&
  (globalFlags.some(({ name, value }) => value !== undefined && flag === `--${name}`) ||
    command.fields.some(
      (field) =>
        (field.file !== undefined && flag === `--${field.file}`) ||
        (!field.positional && field.kind !== 'boolean' && flag === `--${field.name}`),
    ))

const operandsBefore = (command: Command, words: readonly string[]): number => {
  let count = 0
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string
    if (!word.startsWith('-') || word === '-') count += 1
    else if (takesValue(command, word)) at += 1
  }
  return count
}

const positional = async (
  command: Command,
  before: readonly string[],
  lanes: Lanes,
): Promise<Suggestions> => {
  const isTyped = (flag: string): boolean =>
    before.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))
  const at = operandsBefore(command, before)
  const positionals = command.fields.filter(
    ({ positional: isOperand, notWith }) => isOperand && !(notWith && isTyped(notWith)),
  )
  const last = positionals.at(-1)
  const field = positionals[at] ?? (last?.kind === 'list' ? last : undefined)
  return field ? valuesOf(field, lanes) : nothing
}

/** What may stand for the last of the words. */
export const suggest = async (
  commands: readonly Command[],
  words: readonly string[],
  lanes: Lanes,
): Promise<Suggestions> => {
  const current = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const command = findCommand(commands, before)
  const all = command
    ? await suggestWithin(command, { before: before.slice(command.words.length), current }, lanes)
    : only(nextWords(commands, before))
  return { ...all, found: all.found.filter(({ value }) => value.startsWith(current)) }
}

type Typed = { before: readonly string[]; current: string }

const suggestWithin = async (
  command: Command,
  { before, current }: Typed,
  lanes: Lanes,
): Promise<Suggestions> => {
  const value = await flagValue(command, before.at(-1), lanes)
  if (value) return value
  if (current.startsWith('-')) return only(flagsOf(command))
  return positional(command, before, lanes)
}

/** The lines that the scripts read. */
export const suggestionsToText = ({ found, files }: Suggestions): string =>
  [
    ...found.map(({ value, description }) => `${value}\t${description.replace(/\s+/g, ' ')}`),
    ...(files ? [':files'] : []),
  ]
    .map((line) => `${line}\n`)
    .join('')
