// What was typed, as the input of an op: files and stdin read, paths made absolute, numbers within
// their bounds, and only fields of the form that is asked for.
import { resolve } from 'node:path'
import { bounds } from '@dispatch/contract/bounds'
import { DispatchError } from '@dispatch/contract/errors'
import { kebabCase } from '@dispatch/contract/kebab-case'
import { type Command, type Field, type Form, commandName } from '../commands/command.ts'
import { takeValueSwitches } from '../commands/value-switches.ts'
import { isChosen, placeOperands, variantOf } from '../commands/variant.ts'
import type { Invocation, Value } from '../commands/invocation.ts'
import type { Io } from '../io.ts'
import { fieldLabel, usage } from './refusal.ts'

/** An op with its input. */
export type Shaped = { form: Form; input: Record<string, unknown> }

/** Where texts are read from, and until when. */
type Source = Pick<Io, 'cwd' | 'stdin'> & { signal: AbortSignal }

type Shaping = { invocation: Invocation; source: Source; readsStdin: string | null }

const readField = async (shaping: Shaping, field: Field, path: string): Promise<string> => {
  const { fileSource, readText } = await import('./text-source.ts')
  const { source } = shaping
  // UTF-8 needs at most four bytes a character; the daemon counts exactly.
  const reading = { limit: (field.maxLength ?? bounds.message) * 4, signal: source.signal }
  if (path !== '-') return readText(fileSource(resolve(source.cwd, path)), reading)
  if (shaping.readsStdin !== null) {
    throw usage(
      shaping.invocation,
      `Standard input can be read once, not for ${shaping.readsStdin} and ${field.name}.`,
    )
  }
  shaping.readsStdin = field.name
  return readText({ name: 'Standard input', bytes: source.stdin() }, reading)
}

const toPairs = (invocation: Invocation, field: Field, texts: string[]): object =>
  Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=')
      if (equals < 1)
        throw usage(
          invocation,
          `${fieldLabel(field)} takes KEY=VALUE, not ${JSON.stringify(text)}.`,
        )
      return [text.slice(0, equals), text.slice(equals + 1)]
    }),
  )

const parseJson = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DispatchError('validation', `${what} is not JSON: ${(cause as Error).message}.`, {
      cause,
    })
  }
}

const checkNumber = (field: Field, value: number): number => {
  const { minimum, maximum } = field
  const wrong =
    field.integer && !Number.isInteger(value)
      ? 'a whole number'
      : minimum !== undefined && value < minimum
        ? `at least ${minimum}`
        : maximum !== undefined && value > maximum
          ? `at most ${maximum}`
          : null
  if (wrong !== null)
    throw new DispatchError('validation', `${fieldLabel(field)} must be ${wrong}, not ${value}.`)
  return value
}

const toInput = (shaping: Shaping, field: Field, value: Value): unknown => {
  const { invocation, source } = shaping
  if (typeof value === 'number') return checkNumber(field, value)
  if (field.kind === 'pairs') return toPairs(invocation, field, value as string[])
  if (field.json) return parseJson(String(value), fieldLabel(field))
  if (!field.path) return value
  const toPath = (path: string): string => {
    // An empty one is a variable that is not set, and would mean the current directory.
    if (path === '') throw usage(invocation, `${fieldLabel(field)} is empty: name a path.`)
    return resolve(source.cwd, path)
  }
  return Array.isArray(value) ? value.map(toPath) : toPath(String(value))
}

const checkForm = (invocation: Invocation, field: Field): void => {
  const { notWith, onlyWith, needs } = field
  if (needs !== undefined && invocation.values[needs] !== true) {
    throw usage(invocation, `${fieldLabel(field)} has no effect without --${needs}.`)
  }
  if (notWith !== undefined && isChosen(invocation.values, notWith)) {
    throw usage(invocation, `${fieldLabel(field)} does not go with --${notWith}.`)
  }
  if (onlyWith !== undefined && !isChosen(invocation.values, onlyWith)) {
    throw usage(invocation, `${fieldLabel(field)} goes with --${onlyWith} only.`)
  }
  if (field.form === 'follow' && !invocation.follow) {
    throw usage(invocation, `${fieldLabel(field)} goes with --follow only.`)
  }
  if (field.form === 'plain' && invocation.follow) {
    throw usage(invocation, `${fieldLabel(field)} does not go with --follow.`)
  }
}

const shapeField = async (shaping: Shaping, field: Field): Promise<unknown> => {
  const { values, ...invocation } = shaping.invocation
  const value = values[field.name]
  const file = field.file === undefined ? undefined : (values[field.file] as string | undefined)
  if (value !== undefined || file !== undefined) checkForm({ values, ...invocation }, field)
  if (value !== undefined && file !== undefined) {
    throw usage(shaping.invocation, `Give ${fieldLabel(field)} or --${field.file}, not both.`)
  }
  const from = file ?? (value === '-' && field.file !== undefined ? '-' : undefined)
  if (from !== undefined) {
    const text = await readField(shaping, field, from)
    return field.json ? parseJson(text, from === '-' ? 'Standard input' : from) : text
  }
  return value === undefined ? undefined : toInput(shaping, field, value)
}

const isMissing = (field: Field, { command, follow, values }: Invocation): boolean => {
  if (variantOf(command, values)) return field.requiredInVariant === true
  return follow ? field.requiredToFollow === true : field.required === true
}

// The flag of a variant may narrow what another field says.
const checkChoice = (invocation: Invocation, field: Field, value: unknown): void => {
  const { command, values } = invocation
  const { choicesInVariant: choices } = field
  if (!choices || !command.variant || !variantOf(command, values)) return
  if (choices.some((choice) => choice === value)) return
  const ways = choices.map((choice) =>
    field.switches?.includes(choice) ? `--${kebabCase(choice)}` : `${fieldLabel(field)} ${choice}`,
  )
  throw usage(invocation, `--${command.variant.flag} goes with ${ways.join(' or ')} only.`)
}

const missing = (invocation: Invocation, command: Command, field: Field): DispatchError => {
  const others = [
    ...(field.file ? [`--${field.file} FILE`] : []),
    ...(field.notWith ? [`--${field.notWith}`] : []),
    ...(command.follow && !field.requiredToFollow
      ? [`dispatch ${commandName(command)} --follow`]
      : []),
  ]
  const or = others.length > 0 ? `, or ${others.join(' or ')}` : ''
  return usage(invocation, `Missing: ${fieldLabel(field)}${or}.`)
}

/** The op and the input of an invocation; throws `usage` and `validation`. */
export const shapeInput = async (given: Invocation, source: Source): Promise<Shaped> => {
  const invocation = placeOperands(takeValueSwitches(given))
  const { command, follow, values } = invocation
  const form =
    variantOf(command, values) ?? (follow && command.follow ? command.follow : command.plain)
  const shaping: Shaping = { invocation, source, readsStdin: null }
  const input: Record<string, unknown> = {}
  for (const field of command.fields) {
    if (field.chooses || field.says !== undefined) continue
    const value = await shapeField(shaping, field)
    if (value === undefined && !isMissing(field, invocation)) continue
    checkChoice(invocation, field, value)
    if (value === undefined) throw missing(invocation, command, field)
    input[field.key] = value
  }
  return { form, input }
}
