// set: change what a lane's turns run under.
import { z } from 'zod'
import { Selector } from '../fields.ts'
import { kebabCase } from '../kebab-case.ts'
import { LaneIdentity } from './lane.ts'
import { LaneSettings } from './settings.ts'

const names = Object.keys(LaneSettings.shape) as (keyof LaneSettings)[]

/** The setting that a flag changes, by the flag's name. */
export const settingOfFlag: ReadonlyMap<string, keyof LaneSettings> = new Map(
  names.map((name) => [kebabCase(name), name]),
)

export const SetInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  ...LaneSettings.shape,
  unset: z
    .array(z.enum([...settingOfFlag.keys()] as [string, ...string[]]))
    .optional()
    .describe("Settings to take back: Codex's configuration decides"),
})

export const SetResult = LaneIdentity.extend({
  changed: z.array(z.string()).describe('The settings that are different now'),
  settings: LaneSettings.describe('All settings of the lane'),
  notes: z.array(z.string()).describe('What the caller should know, such as when it takes effect'),
})

export type SetInput = z.output<typeof SetInput>
export type SetResult = z.output<typeof SetResult>
