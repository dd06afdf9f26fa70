// Makes the plan of a new lane: layers of configuration under the flags of the call, files read, the
// prefix filled in, everything checked once more as the flags are.
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  bounds,
  DispatchError,
  fieldToKey,
  configKeys,
  NewDefaults,
  type ResolvedValue,
} from '@dispatch/contract'
import { fileFaultToWords } from '@dispatch/contract/file-faults'
import {
  type Layer,
  layersToSettings,
  type Origin,
  sectionToEntries,
  type Setting,
  valuesToEntries,
  variableOf,
} from './layers.ts'
import { builtInPrefix, expandPrefix } from './prefix.ts'
import { realPathOf, repoNameOf } from './read-source.ts'
import { unknownPreset } from './refusal.ts'
import type { ConfigSource } from './source.ts'
import { settingToDemand } from './trust.ts'

/** What a lane is to be made of. */
export type LanePlan = {
  /** Checked; those that have a built-in value are always there. */
  values: NewDefaults & { cwd: string; prefix: string; ephemeral: boolean }
  /** Every value with its origin, as people see it. */
  rows: ResolvedValue[]
  /** What is asked without trust, by the file that asks; such values are not read from files. */
  demands: ReadonlyMap<string, string[]>
}

/** What a plan is made from. */
export type Planning = {
  /** Global, then the repository's. */
  sources: readonly ConfigSource[]
  presets: readonly string[]
  flags: NewDefaults
  /** The caller's directory. */
  cwd: string
  homedir: string
  isTrusted: (source: ConfigSource) => boolean
}

const own = (origin: 'built-in' | 'caller' | 'flag'): Origin => ({
  origin,
  section: null,
  source: null,
})

/** The layers of one file: its defaults, then its presets by name. */
export const sourceToLayers = (source: ConfigSource, homedir: string): Map<string, Layer> => {
  const from = { root: source.root, homedir }
  const { defaults = {}, presets = {} } = source.lanes
  const sections = [
    ['defaults', defaults] as const,
    ...Object.entries(presets).map(([name, section]) => [`presets.${name}`, section] as const),
  ]
  return new Map(
    sections.map(([section, table]) => [
      section,
      {
        origin: { origin: source.layer, section, source },
        entries: sectionToEntries(table, from),
      },
    ]),
  )
}

const presetsOf = (sources: readonly ConfigSource[]): string[] => [
  ...new Set(sources.flatMap(({ lanes }) => Object.keys(lanes.presets ?? {}))),
]

const planToLayers = ({ sources, presets, flags, cwd, homedir }: Planning): Layer[] => {
  const builtIn = { prefix: builtInPrefix, ephemeral: false }
  const files = sources.map((source) => sourceToLayers(source, homedir))
  const sections = (name: string): Layer[] => files.flatMap((layers) => layers.get(name) ?? [])
  const known = presetsOf(sources)
  const missing = presets.find((preset) => !known.includes(preset))
  if (missing !== undefined) {
    throw unknownPreset(
      missing,
      known,
      sources.map(({ path }) => path),
    )
  }
  return [
    { origin: own('built-in'), entries: valuesToEntries(builtIn) },
    { origin: own('caller'), entries: valuesToEntries({ cwd }) },
    ...sections('defaults'),
    ...presets.flatMap((preset) => sections(`presets.${preset}`)),
    { origin: own('flag'), entries: valuesToEntries(flags) },
  ]
}

const readText = (path: string, key: string): string => {
  try {
    if (!statSync(path).isFile()) throw new Error('it is no file')
    const bytes = readFileSync(path)
    if (bytes.length > bounds.message * 4) throw new Error('it is too big')
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new DispatchError(
      'validation',
      `Cannot read ${key} from ${path}: ${fileFaultToWords(cause)}.`,
      { hint: 'dispatch config show', details: { key, file: path }, cause },
    )
  }
}

const isJson = new Map(configKeys.map(({ field, json }) => [field as string, json]))

const readValue = (field: string, { entry }: Setting): unknown => {
  if ('value' in entry) return entry.value
  const text = readText(entry.readFrom, fieldToKey(field))
  if (!isJson.get(field)) return text
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DispatchError('validation', `${entry.readFrom} is not JSON: ${String(cause)}`, {
      details: { key: fieldToKey(field), file: entry.readFrom },
      cause,
    })
  }
}

const toRow = (key: string, value: unknown, setting: Setting): ResolvedValue => {
  const { entry, origin } = setting
  const variable = variableOf(key)
  return {
    key: variable === null ? fieldToKey(key) : `env.${variable}`,
    value,
    origin: origin.origin,
    section: origin.section,
    file: origin.source?.path ?? null,
    readFrom: 'readFrom' in entry ? entry.readFrom : null,
  }
}

const demandsOf = (settings: ReadonlyMap<string, Setting>, { isTrusted }: Planning) => {
  const demands = new Map<string, string[]>()
  const asking = new Set<string>()
  for (const [key, setting] of settings) {
    const demand = settingToDemand(key, setting, realPathOf)
    const { source } = setting.origin
    if (demand === null || source === null || isTrusted(source)) continue
    asking.add(key)
    demands.set(source.path, [...new Set([...(demands.get(source.path) ?? []), demand])])
  }
  return { demands, asking }
}

const toValues = (rows: readonly [string, unknown][]): Record<string, unknown> => {
  const env = rows.flatMap(([key, value]) => {
    const variable = variableOf(key)
    return variable === null ? [] : [[variable, value] as const]
  })
  const plain = rows.filter(([key]) => variableOf(key) === null)
  return {
    ...Object.fromEntries(plain),
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env) }),
  }
}

const check = (values: Record<string, unknown>, rows: readonly ResolvedValue[]) => {
  const parsed = NewDefaults.safeParse(values)
  if (parsed.success) return parsed.data as LanePlan['values']
  const [issue] = parsed.error.issues
  const key = fieldToKey(String(issue?.path[0] ?? ''))
  const row = rows.find((one) => one.key === key)
  const from = row?.readFrom ?? row?.file
  throw new DispatchError('validation', `${key}${from ? ` of ${from}` : ''}: ${issue?.message}`, {
    details: { key, file: row?.file ?? null },
  })
}

/** The plan; throws what is wrong with it, but for what is asked without trust. */
export const planLane = (planning: Planning): LanePlan => {
  const settings = layersToSettings(planToLayers(planning))
  const { demands, asking } = demandsOf(settings, planning)
  const valueOf = (key: string): unknown => {
    const setting = settings.get(key)
    if (setting === undefined) return undefined
    if (asking.has(key) && 'readFrom' in setting.entry) return null
    return readValue(key, setting)
  }
  const cwd = String(valueOf('cwd'))
  const prefix = expandPrefix(String(valueOf('prefix')), {
    'DISPATCH.CWD.REPO': repoNameOf(cwd),
    'DISPATCH.CWD.BASENAME': basename(cwd),
    'DISPATCH.PRESET': planning.presets.at(-1) ?? null,
  })
  const resolved = [...settings.keys()].map((key): [string, unknown] => [
    key,
    key === 'prefix' ? prefix : valueOf(key),
  ])
  const rows = resolved.flatMap(([key, value]) => {
    const setting = settings.get(key)
    return setting ? [toRow(key, value, setting)] : []
  })
  const known = resolved.filter(([, value]) => value !== null)
  return { values: check(toValues(known), rows), rows, demands }
}
