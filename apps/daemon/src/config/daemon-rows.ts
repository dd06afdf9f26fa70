// The daemon's own tables of the global configuration: with their defaults, and as rows. Pure.
import { DaemonConfig, type ResolvedValue } from '@dispatch/contract'
import type { ConfigSource } from './source.ts'

// They are the user's secrets, and who asks may be an agent.
const HIDDEN = '(set)'

const tablesOf = (source: ConfigSource | undefined): Record<string, Record<string, unknown>> => ({
  ...Object.fromEntries(Object.keys(DaemonConfig.shape).map((name) => [name, {}])),
  ...source?.daemon,
})

/** The tables, whole. */
export const sourceToDaemonConfig = (source: ConfigSource | undefined): DaemonConfig =>
  DaemonConfig.parse(tablesOf(source))

const flatten = (key: string, value: unknown): [string, unknown][] =>
  key === 'daemon.env'
    ? Object.keys(value as object).map((name) => [`${key}.${name}`, HIDDEN])
    : [[key, value]]

/** Every key of the tables with its origin. */
export const sourceToDaemonRows = (source: ConfigSource | undefined): ResolvedValue[] => {
  const given = tablesOf(source)
  return Object.entries(sourceToDaemonConfig(source)).flatMap(([table, values]) =>
    Object.entries(values).flatMap(([name, value]) => {
      const isSet = Object.hasOwn(given[table] ?? {}, name)
      return flatten(`${table}.${name}`, value).map(([key, one]) => ({
        key,
        value: one,
        origin: isSet ? ('global' as const) : ('built-in' as const),
        section: isSet ? table : null,
        file: isSet ? (source?.path ?? null) : null,
        readFrom: null,
      }))
    }),
  )
}
