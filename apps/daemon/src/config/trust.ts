// What a repository may not set for new lanes by itself: what reaches beyond its own directory. Pure,
// but for what is handed in.
import { sep } from 'node:path'
import { fieldToKey } from '@dispatch/contract'
import { type Entry, type Layer, type Setting, variableOf } from './layers.ts'
import type { ConfigSource } from './source.ts'

/** Follows the links of a path. */
type RealPath = (path: string) => string

const isInside = (path: string, root: string, realPath: RealPath): boolean => {
  const [real, realRoot] = [realPath(path), realPath(root)]
  return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)
}

const json = (value: unknown): string => JSON.stringify(value)

const valueToDemand = (key: string, value: unknown, isOwn: (path: string) => boolean) => {
  const variable = variableOf(key)
  if (variable !== null) return `env.${variable}`
  if (key === 'sandbox' && value === 'danger-full-access') return `sandbox = ${json(value)}`
  if (key === 'network' && value === true) return 'network = true'
  if (key === 'requests' && value === 'permissive') return 'requests = "permissive"'
  if (key === 'addDir' && Array.isArray(value) && value.length > 0)
    return `add_dir = ${json(value)}`
  if (key === 'cwd' && !isOwn(String(value)))
    return `cwd = ${json(value)}, outside of the repository`
  return null
}

type Asking = { key: string; entry: Entry; source: ConfigSource | null }

/** What a value of a file asks to be trusted with, or null where nothing. */
const askingToDemand = ({ key, entry, source }: Asking, realPath: RealPath): string | null => {
  if (source?.layer !== 'repo') return null
  const isOwn = (path: string): boolean => isInside(path, source.root, realPath)
  if ('readFrom' in entry) {
    if (isOwn(entry.readFrom)) return null
    return `${fieldToKey(key)} from ${json(entry.readFrom)}, outside of the repository`
  }
  return valueToDemand(key, entry.value, isOwn)
}

const foreignDemand = 'anything: the file belongs to another user'

/** What settings in use ask of a source. */
export const settingToDemand = (
  key: string,
  { entry, origin: { source } }: Setting,
  realPath: RealPath,
): string | null =>
  source?.layer === 'repo' && source.foreign
    ? foreignDemand
    : askingToDemand({ key, entry, source }, realPath)

/** Everything that a file asks, in use or not; `layers` are its own. */
export const sourceToDemands = (
  source: ConfigSource,
  layers: readonly Layer[],
  realPath: RealPath,
): string[] => {
  if (source.layer !== 'repo') return []
  const asked = layers.flatMap(({ entries }) =>
    [...entries].flatMap(([key, entry]) => askingToDemand({ key, entry, source }, realPath) ?? []),
  )
  return [...new Set(source.foreign ? [foreignDemand, ...asked] : asked)]
}
