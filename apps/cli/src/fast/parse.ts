// The fast path: a strict subset of what the full parser takes, without commander. Whatever is
// unusual (an unknown or repeated flag, a value that looks like one, a missing argument, a number
// that is none) gives null, and the full parser decides and words the error. A law test holds the
// two against each other.
import type { Command, Field } from '../commands/command.ts'
import { isDemanded } from '../commands/demanded.ts'
import { findCommand, isGroup } from '../commands/find.ts'
import { type Globals, globalFlags } from '../commands/global-flags.ts'
import { type Parsed, type Value, type Values, textToNumber } from '../commands/invocation.ts'
import type { Tables } from '../tables.ts'

// What a flag does with the value after it; null where that is unusual.
type Slot = { takesValue: boolean; take(value: string): boolean }

type State = { values: Values; globals: Globals; follow: boolean; taken: Set<string> }

const once = (state: State, name: string, apply: () => void): boolean => {
  if (state.taken.has(name)) return false
  state.taken.add(name)
  apply()
  return true
}

const fieldValue = (field: Field, text: string): Value | null => {
  if (field.choices && !field.choices.includes(text)) return null
  return field.kind === 'number' ? textToNumber(text) : text
}

const takeField = (state: State, field: Field, text: string): boolean => {
  const value = fieldValue(field, text)
  if (value === null) return false
  if (field.kind === 'list' || field.kind === 'pairs') {
    state.values[field.name] = [...((state.values[field.name] as string[]) ?? []), text]
    return true
  }
  return once(state, field.name, () => (state.values[field.name] = value))
}

const fieldSlots = (state: State, field: Field): [string, Slot][] => {
  const text = (name: string, take: (value: string) => boolean): [string, Slot] => [
    name,
    { takesValue: true, take },
  ]
  const file = field.file
  const slots: [string, Slot][] = file
    ? [text(`--${file}`, (value) => once(state, file, () => (state.values[file] = value)))]
    : []
  if (field.positional) return slots
  const names = [`--${field.name}`, ...(field.short ? [`-${field.short}`] : [])]
  if (field.kind !== 'boolean') {
    return [...slots, ...names.map((name) => text(name, (value) => takeField(state, field, value)))]
  }
  const flag = (name: string, value: boolean): [string, Slot] => [
    name,
    {
      takesValue: false,
      take: () => once(state, field.name, () => (state.values[field.name] = value)),
    },
  ]
  return [
    ...slots,
    ...names.map((name) => flag(name, true)),
    ...(field.negatable ? [flag(`--no-${field.name}`, false)] : []),
  ]
}

const globalSlots = (state: State): [string, Slot][] =>
  globalFlags.map(({ name, value, choices }) => {
    const key = name.replace(/^no-/, '')
    const take = (text: string): boolean => {
      if (choices && !choices.includes(text)) return false
      const given = value === undefined ? key === name : text
      return once(state, name, () => Object.assign(state.globals, { [key]: given }))
    }
    return [`--${name}`, { takesValue: value !== undefined, take }]
  })

const slotsOf = (command: Command, state: State): Map<string, Slot> =>
  new Map([
    ...globalSlots(state),
    ...command.fields.flatMap((field) => fieldSlots(state, field)),
    ...(command.follow
      ? [
          [
            '--follow',
            { takesValue: false, take: () => once(state, 'follow', () => (state.follow = true)) },
          ] as [string, Slot],
        ]
      : []),
  ])

// The operands of an argv, its flags given to their slots; null for anything unusual.
const takeFlags = (args: readonly string[], slots: Map<string, Slot>): string[] | null => {
  const operands: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] as string
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg)
      continue
    }
    const equals = arg.indexOf('=')
    const slot = slots.get(equals < 0 ? arg : arg.slice(0, equals))
    if (!slot || (equals >= 0 && (!slot.takesValue || !arg.startsWith('--')))) return null
    const inline = equals < 0 ? undefined : arg.slice(equals + 1)
    const value = inline ?? (slot.takesValue ? args[++index] : '')
    if (value === undefined || (slot.takesValue && (value === '' || value.startsWith('-'))))
      return null
    if (!slot.take(value)) return null
  }
  return operands
}

const takeOperands = (command: Command, operands: string[], values: Values): boolean => {
  const positionals = command.fields.filter((field) => field.positional)
  for (const field of positionals) {
    const own = field.kind === 'list' ? operands.splice(0) : operands.splice(0, 1)
    const [first] = own
    if (first === undefined) {
      if (isDemanded(command, field)) return false
      continue
    }
    if (field.choices && !own.every((one) => field.choices?.includes(one))) return false
    const value = field.kind === 'list' ? own : fieldValue(field, first)
    if (value === null) return false
    values[field.name] = value
  }
  return operands.length === 0
}

const hasDemanded = (command: Command, values: Values): boolean =>
  command.fields.every((field) => !isDemanded(command, field) || Object.hasOwn(values, field.name))

const textOf = (tables: Tables, argv: readonly string[]): string | null => {
  const last = argv.at(-1)
  if (argv.length === 1 && last === '--version') return `${tables.version}\n`
  const asked = last === '--help' || last === '-h'
  const words = asked ? argv.slice(0, -1) : argv
  const name = words.join(' ')
  if (words.some((word) => word.includes(' ') || word.startsWith('-'))) return null
  const isText =
    asked || words.length === 0 || (words.length === 1 && isGroup(tables.commands, name))
  if (!isText) return null
  const help = tables.help()
  return Object.hasOwn(help, name) ? (help[name] ?? null) : null
}

/** An argv as a call or a text; null when the full parser has to look at it. */
export const parseFast = (tables: Tables, argv: readonly string[]): Parsed | null => {
  const text = textOf(tables, argv)
  if (text !== null) return { kind: 'text', text }
  const command = findCommand(tables.commands, argv)
  if (!command) return null
  const state: State = { values: {}, globals: {}, follow: false, taken: new Set() }
  const operands = takeFlags(argv.slice(command.words.length), slotsOf(command, state))
  if (!operands || !takeOperands(command, operands, state.values)) return null
  if (!hasDemanded(command, state.values)) return null
  const { values, follow, globals } = state
  return { kind: 'call', invocation: { command, values, follow, globals } }
}
