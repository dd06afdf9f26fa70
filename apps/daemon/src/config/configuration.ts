// The configuration of a home: what new lanes are made of, how the daemon behaves, what repositories
// are trusted with. Files are looked at each use; nothing is watched.
import {
  type ConfigShowInput,
  type ConfigShowResult,
  type ConfigTrustInput,
  type ConfigTrustResult,
  type DaemonConfig,
  DispatchError,
  NewDefaults,
} from '@dispatch/contract'
import { systemClock } from '../clock/clock.ts'
import { sourceToDaemonConfig, sourceToDaemonRows } from './daemon-rows.ts'
import { makeKeptSource } from './kept-source.ts'
import { type LanePlan, planLane, sourceToLayers } from './lane-plan.ts'
import { globalPlaceOf, readSource, realPathOf, repoPlaceOf } from './read-source.ts'
import type { ConfigSource } from './source.ts'
import { sourceToDemands } from './trust.ts'
import { openTrustFile } from './trust-file.ts'

/** Whose configuration it is. */
export type ConfigurationOptions = {
  /** The dispatch home. */
  home: string
  homedir: string
  uid: number
  /** Epoch ms; the system's where none is given. */
  now?: () => number
}

/** The configuration, as of each call. */
export type Configuration = {
  /** What a lane is to be made of; throws `validation`, for what a repository may not set too. */
  plan(input: NewDefaults & { presets?: readonly string[] | undefined }, cwd: string): LanePlan
  /** The daemon's own tables; the built-in ones, without lane tools, while the file cannot be read. */
  daemon(): DaemonConfig
  /** What keeps the global file from being read or acted on; a sentence each. */
  problems(): string[]
  show(input: ConfigShowInput, cwd: string): ConfigShowResult
  trust(input: ConfigTrustInput, cwd: string): ConfigTrustResult
}

const fields = Object.keys(NewDefaults.shape) as (keyof NewDefaults)[]

const flagsOf = (input: NewDefaults): NewDefaults =>
  Object.fromEntries(
    fields.flatMap((field) => (input[field] === undefined ? [] : [[field, input[field]]])),
  )

const untrusted = (demands: LanePlan['demands']): DispatchError => {
  const [[file, asked] = ['', []]] = demands
  return new DispatchError(
    'validation',
    `${file} asks for more than a repository may set by itself: ${asked.join('; ')}.`,
    {
      hint: 'Read that file, then: dispatch config trust',
      details: { file, needsTrust: asked },
    },
  )
}

/** The configuration of the home in use. */
export const configurationOf = (
  { homedir, uid }: Pick<ConfigurationOptions, 'homedir' | 'uid'>,
  { home }: { home: string },
): Configuration => makeConfiguration({ home, homedir, uid })

/** Opens the configuration of a home. */
export const makeConfiguration = (options: ConfigurationOptions): Configuration => {
  const { home, homedir, uid } = options
  const trusted = openTrustFile(`${home}/trusted-configs.json`)
  const globalPlace = globalPlaceOf(home)
  // The usual home belongs to no repository either, when another one is in use.
  const homes = [home, `${homedir}/.dispatch`]

  const findGlobal = makeKeptSource(globalPlace.path, {
    read: () => readSource(globalPlace, uid),
    now: options.now ?? systemClock.now,
  })
  const readGlobal = (): ConfigSource | undefined => {
    const found = findGlobal()
    if ('problem' in found) throw found.problem
    return found.source
  }
  const readRepo = (cwd: string): ConfigSource | undefined => {
    const place = repoPlaceOf(cwd, homes)
    return (place && readSource(place, uid)) ?? undefined
  }
  const isTrusted = (source: ConfigSource): boolean => trusted.has(source)

  const planning = (cwd: string) => {
    const [global, repo] = [readGlobal(), readRepo(cwd)]
    const sources = [global, repo].filter((source) => source !== undefined)
    return { global, repo, sources, cwd, homedir, isTrusted }
  }

  const demandsOf = (source: ConfigSource): string[] =>
    sourceToDemands(source, [...sourceToLayers(source, homedir).values()], realPathOf)

  const sourceToRow = (source: ConfigSource): ConfigShowResult['files'][number] => ({
    path: source.path,
    layer: source.layer,
    exists: true,
    presets: Object.keys(source.lanes.presets ?? {}),
    needsTrust: demandsOf(source),
    trusted: source.layer === 'global' || isTrusted(source),
  })

  const noGlobal: ConfigShowResult['files'][number] = {
    path: globalPlace.path,
    layer: 'global',
    exists: false,
    presets: [],
    needsTrust: [],
    trusted: true,
  }

  return {
    plan: ({ presets = [], ...input }, cwd) => {
      const plan = planLane({ ...planning(cwd), presets, flags: flagsOf(input) })
      if (plan.demands.size > 0) throw untrusted(plan.demands)
      return plan
    },

    daemon: () => {
      const found = findGlobal()
      if (!('problem' in found)) return found.daemon
      // Who switched them off, or narrowed them, is not overruled by a slip of the pen.
      const builtIn = sourceToDaemonConfig(undefined)
      return { ...builtIn, lane_tools: { ...builtIn.lane_tools, enabled: false } }
    },

    problems: () => {
      const found = findGlobal()
      return 'problem' in found
        ? [
            `The configuration cannot be read, the built-in one holds, without lane tools: ${found.problem.message}`,
          ]
        : []
    },

    show: (input, callerCwd) => {
      const found = planning(input.cwd ?? callerCwd)
      const { rows, demands } = planLane({ ...found, presets: input.presets ?? [], flags: {} })
      return {
        files: [
          found.global ? sourceToRow(found.global) : noGlobal,
          ...(found.repo ? [sourceToRow(found.repo)] : []),
        ],
        values: [...rows, ...sourceToDaemonRows(found.global)],
        notes: [
          ...[...demands].map(
            ([file, asked]) =>
              `${file} is not trusted with: ${asked.join('; ')}. A new lane is refused until: dispatch config trust`,
          ),
        ],
      }
    },

    trust: (input, callerCwd) => {
      const cwd = input.cwd ?? callerCwd
      const source = readRepo(cwd)
      if (source === undefined) {
        throw new DispatchError(
          'not_found',
          `No repository file .dispatch/config.toml from ${cwd} upward.`,
          {
            hint: 'dispatch config show',
          },
        )
      }
      trusted.set(source, input.revoke !== true)
      return {
        file: source.path,
        hash: source.hash,
        trusted: input.revoke !== true,
        grants: input.revoke === true ? [] : demandsOf(source),
      }
    },
  }
}
