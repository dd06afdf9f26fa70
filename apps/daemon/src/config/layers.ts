// Layers of values for a new lane, and what they come to. Pure: a file that a value is to be read from
// is only named. Each variable of `env` is a value of its own, so that layers add to each other.
import { resolve } from 'node:path'
import {
  type ConfigKey,
  type ConfigSection,
  configKeys,
  type NewDefaults,
  type ResolvedValue,
} from '@dispatch/contract'
import type { ConfigSource } from './source.ts'

/** A value, or the file that has it. */
export type Entry = { value: unknown } | { readFrom: string }

/** Where a value comes from. */
export type Origin = {
  origin: ResolvedValue['origin']
  section: string | null
  source: ConfigSource | null
}

/** The values of one origin, by field; a variable of `env` is `env.NAME`. */
export type Layer = { origin: Origin; entries: ReadonlyMap<string, Entry> }

/** An entry with its origin. */
export type Setting = { entry: Entry; origin: Origin }

const ENV = 'env.'

/** The variable of a key, or null where it is no variable. */
export const variableOf = (key: string): string | null =>
  key.startsWith(ENV) ? key.slice(ENV.length) : null

const fieldToEntries = (field: string, entry: Entry): [string, Entry][] =>
  field === 'env' && 'value' in entry
    ? Object.entries(entry.value as object).map(([name, value]) => [ENV + name, { value }])
    : [[field, entry]]

const toPath = (value: string, from: { root: string; homedir: string }): string =>
  resolve(
    from.root,
    value === '~' || value.startsWith('~/') ? from.homedir + value.slice(1) : value,
  )

const toPaths = (value: unknown, from: { root: string; homedir: string }): unknown =>
  Array.isArray(value) ? value.map((one) => toPath(String(one), from)) : toPath(String(value), from)

/** The entries of a table; paths are made absolute. A key of the table wins over its `instructions`, a text over a file. */
export const sectionToEntries = (
  section: ConfigSection,
  from: { root: string; homedir: string },
): Map<string, Entry> => {
  const entryOf = ({ key, fileKey, path }: ConfigKey): Entry | null => {
    for (const table of [section, section.instructions ?? {}]) {
      const value = table[key]
      if (value !== undefined) return { value: path ? toPaths(value, from) : value }
      const file = fileKey === null ? undefined : table[fileKey]
      if (typeof file === 'string') return { readFrom: toPath(file, from) }
    }
    return null
  }
  return new Map(
    configKeys.flatMap((configKey) => {
      const entry = entryOf(configKey)
      return entry === null ? [] : fieldToEntries(configKey.field, entry)
    }),
  )
}

/** The entries of values that are there as they are. */
export const valuesToEntries = (values: NewDefaults): Map<string, Entry> =>
  new Map(
    configKeys.flatMap(({ field }) => {
      const value = values[field]
      return value === undefined ? [] : fieldToEntries(field, { value })
    }),
  )

/** What the layers come to; a later one wins. In the order of the fields, variables last. */
export const layersToSettings = (layers: readonly Layer[]): Map<string, Setting> => {
  const merged = new Map<string, Setting>()
  for (const { origin, entries } of layers) {
    for (const [key, entry] of entries) merged.set(key, { entry, origin })
  }
  const fields = configKeys.flatMap(({ field }) => (merged.has(field) ? [field as string] : []))
  const variables = [...merged.keys()].filter((key) => variableOf(key) !== null).sort()
  return new Map(
    [...fields, ...variables].flatMap((key) => {
      const setting = merged.get(key)
      return setting ? [[key, setting]] : []
    }),
  )
}
