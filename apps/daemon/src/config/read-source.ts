// Finds and reads configuration files: the home's own, and the nearest one from a directory upward.
import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  bounds,
  ConfigFile,
  DispatchError,
  type LaneTables,
  RepoConfigFile,
} from '@dispatch/contract'
import { fileFaultToWords } from '@dispatch/contract/file-faults'
import { isRepository } from '@dispatch/contract/repository'
import { parse, TomlError } from 'smol-toml'
import { issuesToError } from './refusal.ts'
import type { ConfigSource } from './source.ts'

const FOLDER = '.dispatch'
const FILE = 'config.toml'

const statOf = (path: string): Stats | null => {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

/** The path with its links followed, or as it is where there is nothing. */
export const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** A directory and those that it is in, the nearest first. */
const ancestorsOf = (directory: string): string[] => {
  const parent = dirname(directory)
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)]
}

const unreadable = (path: string, cause: unknown): DispatchError =>
  new DispatchError('validation', `Cannot read ${path}: ${fileFaultToWords(cause)}.`, {
    hint: `Make ${path} readable, or remove it.`,
    details: { file: path },
    cause,
  })

const readBounded = (path: string, stats: Stats): string => {
  if (!stats.isFile()) throw unreadable(path, new Error('it is no file'))
  if (stats.size > bounds.configFile) {
    throw unreadable(path, new Error(`it has more than ${bounds.configFile} bytes`))
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

const parseToml = (path: string, text: string): Record<string, unknown> => {
  try {
    return parse(text)
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [what] = cause.message.split('\n')
    throw new DispatchError('validation', `${path}:${cause.line}:${cause.column}: ${what}`, {
      hint: `Edit ${path}.`,
      details: { file: path, line: cause.line, column: cause.column },
      cause,
    })
  }
}

type Place = Pick<ConfigSource, 'path' | 'layer' | 'root'>

/** Reads a file, or gives null where there is none. `uid` is who we are. */
export const readSource = (place: Place, uid: number): ConfigSource | null => {
  const stats = statOf(place.path)
  if (stats === null) return null
  const text = readBounded(place.path, stats)
  const data = parseToml(place.path, text)
  const schema = place.layer === 'global' ? ConfigFile : RepoConfigFile
  const parsed = schema.safeParse(data)
  if (!parsed.success) throw issuesToError({ ...place, data }, parsed.error.issues)
  const { defaults: _defaults, presets: _presets, ...daemon } = data
  return {
    ...place,
    hash: createHash('sha256').update(text).digest('hex'),
    foreign: stats.uid !== uid && stats.uid !== 0,
    lanes: parsed.data as LaneTables,
    daemon: daemon as ConfigSource['daemon'],
  }
}

/** Where the global file is. Its paths are meant from the directory that contains `.dispatch`. */
export const globalPlaceOf = (home: string): Place => ({
  path: join(home, FILE),
  layer: 'global',
  root: basename(home) === FOLDER ? dirname(home) : home,
})

/** The nearest repository file from a directory upward; the folders in `homes` are none of a repository's. */
export const repoPlaceOf = (directory: string, homes: readonly string[]): Place | null => {
  const excluded = new Set(homes.map(realPathOf))
  for (const root of ancestorsOf(directory)) {
    const path = join(root, FOLDER, FILE)
    if (statOf(path) !== null && !excluded.has(realPathOf(dirname(path)))) {
      return { path, layer: 'repo', root }
    }
  }
  return null
}

/** The name of the repository that a directory is in: of the nearest one around it, else its own. */
export const repoNameOf = (directory: string): string =>
  basename(ancestorsOf(directory).find(isRepository) ?? directory)
