// A text that names commands, as hints do, for who has tools and no shell: each command that a tool carries
// out becomes the call of it, and what is said of flags after it, of its fields. What a tool cannot do, such
// as `dispatch up`, stays a command: a person can do that. Pure.
import { kebabCase } from '@dispatch/contract/kebab-case'
import type { FieldMeta, JsonSchema, ManifestOp } from '@dispatch/contract/manifest'
import { groupedField } from './input-schema.ts'
import { takesConfirm, type ToolOp } from './tool-op.ts'
import type { ToolEntry } from './tool.ts'
import { flagsToFields } from './words.ts'

type Field = JsonSchema & FieldMeta
type Carried = { entry: ToolEntry; op: ToolOp; words: string[] }
type Value = string | number | boolean
type Given = Record<string, Value | Value[]>

const wordsOf = (path: string): string[] => path.split('.').map(kebabCase)

const commandOf = ({ path, meta }: ManifestOp): string[] =>
  wordsOf(meta.variantOf ? meta.variantOf.op : path)

const fieldsOf = ({ op }: ToolOp): Record<string, Field> =>
  (op.input.properties ?? {}) as Record<string, Field>

const carriedBy = (entries: readonly ToolEntry[]): Carried[] =>
  entries.flatMap((entry) => entry.ops.map((op) => ({ entry, op, words: commandOf(op.op) })))

// What stands for a value where the sentence goes on behind it: a ref, an id, a handle, a placeholder, a
// quotation.
const VALUE = /^(?:"[^"]*"|\.\.\.|[@A-Z\d][\w@./:-]*)$/
const TOKEN = / ("[^"]*"|\.\.\.|[^\s;,()]+?)(?=\.?(?:$|[\s;,()]))/y

const valueOf = (token: string, { type }: Field): Value => {
  if (type === 'number' || type === 'integer') return Number(token)
  return token.replaceAll('"', '')
}

type Named = [key: string, field: Field]

/** What a flag does: sets a field to that value, or to the one that follows it, or nothing here. */
type Flag = { named: Named; value?: Value } | 'confirm' | 'nothing'

// Null where the op has no such flag: another op of the same command may have it.
const readFlag = (flag: string, { op }: Carried): Flag | null => {
  const fields = Object.entries(fieldsOf(op))
  const fieldOf = (name: string): Named | undefined =>
    fields.find(([key, field]) => (field.flag ?? kebabCase(key)) === name)
  if (flag === 'json' || flag === op.op.meta.variantOf?.flag) return 'nothing'
  if (flag === 'yes') return takesConfirm(op.op) ? 'confirm' : 'nothing'
  const chosen = fields.find(([, { switches }]) => switches?.includes(flag))
  if (chosen) return { named: chosen, value: flag }
  const named = fieldOf(flag)
  if (named) return named[1].type === 'boolean' ? { named, value: true } : { named }
  const negated = flag.startsWith('no-') ? fieldOf(flag.slice(3)) : undefined
  return negated ? { named: negated, value: false } : null
}

/** A command line in a text, as far as it is understood. */
type Read = { given: Given; end: number; confirmed: boolean }

const readArguments = (text: string, start: number, one: Carried): Read | null => {
  const operands = Object.entries(fieldsOf(one.op)).filter(([, { positional }]) => positional)
  const read: Read = { given: {}, end: start, confirmed: false }
  const peek = (): string | undefined => {
    TOKEN.lastIndex = read.end
    return TOKEN.exec(text)?.[1]
  }
  const take = (token: string, [key, field]: Named): void => {
    const value = valueOf(token, field)
    read.given[key] = field.type === 'array' ? [value] : value
    read.end += token.length + 1
  }
  for (let token = peek(); token !== undefined; token = peek()) {
    if (!token.startsWith('--')) {
      const operand = operands.shift()
      const isLast = /^\.?(?:$|[;,()])/.test(text.slice(read.end + 1 + token.length))
      if (!operand || !(isLast || VALUE.test(token))) break
      take(token, operand)
      continue
    }
    const flag = readFlag(token.slice(2), one)
    if (flag === null) return null
    read.end += token.length + 1
    if (flag === 'confirm') read.confirmed = true
    else if (flag !== 'nothing') {
      const value = flag.value === undefined ? peek() : undefined
      if (flag.value !== undefined) read.given[flag.named[0]] = flag.value
      else if (value === undefined) return null
      else take(value, flag.named)
    }
  }
  return read
}

const toCall = ({ entry, op }: Carried, { given, confirmed }: Read): string => {
  const named = Object.entries(given).map(([key, value]) => [
    entry.isGrouped ? groupedField(op, key) : key,
    value,
  ])
  const args = {
    ...(entry.isGrouped ? { op: op.name } : {}),
    ...(Object.fromEntries(named) as Given),
    ...(confirmed ? { confirm: true } : {}),
  }
  return `${entry.tool.name} ${JSON.stringify(args)}`
}

const isSpelled = (text: string, start: number, { words }: Carried): boolean => {
  const line = words.join(' ')
  return text.startsWith(line, start) && !/^[\w-]/.test(text.slice(start + line.length))
}

// The call that stands for the command line at `start`, behind its `dispatch `.
const readCall = (text: string, start: number, carried: readonly Carried[]) => {
  const spelled = carried
    .filter((one) => isSpelled(text, start, one))
    .sort((a, b) => b.words.length - a.words.length)
  for (const one of spelled) {
    const read = readArguments(text, start + one.words.join(' ').length, one)
    const flag = one.op.op.meta.variantOf?.flag
    const isMeant =
      flag === undefined || text.slice(start, read?.end).split(' ').includes(`--${flag}`)
    if (read && isMeant) return { one, read }
  }
  return null
}

/** Where a text names a command. */
export const NAMES_COMMAND = /\bdispatch [a-z]/

/** Which tools there are, and for a call of which op the text is. */
type Told = { entries: readonly ToolEntry[]; op: ManifestOp }

/** The text with calls of those tools in it. */
export const commandsToCalls = (text: string, { entries, op }: Told): string => {
  const carried = carriedBy(entries)
  let said = ''
  let last: ManifestOp = op
  let at = 0
  const sayUpTo = (end: number): void => {
    const between = text.slice(at, end)
    // The flags of a command that stays are its own.
    said += NAMES_COMMAND.test(between) ? between : flagsToFields(flagsToFields(between, last), op)
  }
  for (const { index } of text.matchAll(/\bdispatch (?=[a-z])/g)) {
    const found = index < at ? null : readCall(text, index + 'dispatch '.length, carried)
    if (!found) continue
    sayUpTo(index)
    said += toCall(found.one, found.read)
    at = found.read.end
    last = found.one.op.op
  }
  sayUpTo(text.length)
  return said
}
