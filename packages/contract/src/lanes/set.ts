// set: change what a lane's turns run under.
import { z } from 'zod'
import { Selector } from '../fields.ts'
import { LaneIdentity } from './lane.ts'
import { LaneSettings } from './settings.ts'

/** How a flag spells the name of a setting. */
const toFlag = (name: string): string =>
  name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

const names = Object.keys(LaneSettings.shape) as (keyof LaneSettings)[]

/** The setting that a flag changes, by the flag's name. */
export const settingOfFlag: ReadonlyMap<string, keyof LaneSettings> = new Map(
  names.map((name) => [toFlag(name), name]),
)

export const SetInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  ...LaneSettings.shape,
  unset: z
    .array(z.enum([...settingOfFlag.keys()] as [string, ...string[]]))
    .optional()
    .describe("Settings to take back, called as their flags are: Codex's configuration decides"),
})

export const SetResult = LaneIdentity.extend({
  changed: z.array(z.string()).describe('The settings that are different now'),
  settings: LaneSettings.describe('All settings of the lane'),
  notes: z.array(z.string()).describe('What the caller should know, such as when it takes effect'),
})

export type SetInput = z.output<typeof SetInput>
export type SetResult = z.output<typeof SetResult>
