// A configuration file, derived from the fields of `new`: a flag that is added there is a key here.
// Keys are the flags in snake_case; a text that a flag reads from a file has a key that names one.
import { z } from 'zod'
import { PresetName } from '../fields.ts'
import type { FieldMeta } from '../meta.ts'
import { NewDefaults } from '../lanes/new.ts'
import { daemonTables } from './daemon-tables.ts'

/** How a configuration file spells the key of a field. */
export const fieldToKey = (field: string): string =>
  field
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()

/** One field of `new` as configuration files set it. */
export type ConfigKey = {
  field: keyof NewDefaults
  key: string
  /** The key that names a file to read the value from, where there is one. */
  fileKey: string | null
  /** Paths are meant from the directory of the project. */
  path: boolean
  /** The file has JSON. */
  json: boolean
}

const metaOf = (schema: z.ZodType): FieldMeta => {
  const meta: object = schema.meta() ?? {}
  return meta
}

const toConfigKey = ([field, schema]: [string, z.ZodType]): ConfigKey => {
  const { fileFlag, path = false, json = false } = metaOf(schema)
  return {
    field: field as keyof NewDefaults,
    key: fieldToKey(field),
    fileKey: fileFlag === undefined ? null : fieldToKey(fileFlag),
    path,
    json,
  }
}

/** Every field that a configuration sets. */
export const configKeys: readonly ConfigKey[] = Object.entries(NewDefaults.shape).map(toConfigKey)

const isInstruction = ({ field }: ConfigKey): boolean =>
  field === 'baseInstructions' || field === 'developerInstructions'

const shapeOf = (keys: readonly ConfigKey[]): Record<string, z.ZodType> =>
  Object.fromEntries(
    keys.flatMap(({ field, key, fileKey }) => {
      const own: [string, z.ZodType] = [key, NewDefaults.shape[field]]
      if (fileKey === null) return [own]
      const file = z.string().min(1).optional().describe(`File that has ${key}`)
      return [own, [fileKey, file] as [string, z.ZodType]]
    }),
  )

const Section = z
  .strictObject({
    ...shapeOf(configKeys),
    instructions: z
      .strictObject(shapeOf(configKeys.filter(isInstruction)))
      .optional()
      .describe('Instructions apart; a key of the table itself wins over one in here'),
  })
  .describe('Values for new lanes')

const laneTables = {
  defaults: Section.optional().describe('Values for every new lane'),
  presets: z
    .record(PresetName, Section)
    .optional()
    .describe('Values by the name of a preset, for new --preset NAME'),
}

/** What any configuration file may hold. */
export const RepoConfigFile = z.strictObject(laneTables)

/** What the global configuration file may hold. */
export const ConfigFile = z.strictObject({
  ...laneTables,
  ...Object.fromEntries(
    Object.entries(daemonTables).map(([name, table]) => [name, table.optional()]),
  ),
})

/** A parsed table of values for new lanes: keys as the file spells them. */
export type ConfigSection = Record<string, unknown> & { instructions?: Record<string, unknown> }

/** The tables for lanes of a parsed file. */
export type LaneTables = {
  defaults?: ConfigSection
  presets?: Record<string, ConfigSection>
}
