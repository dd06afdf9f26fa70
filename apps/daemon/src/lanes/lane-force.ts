// What a lane's turns run under. Codex keeps for all later turns what it was told with one (all but the
// output schema), also across a restart: where a setting was taken back, or overridden for one message,
// Codex is told what it would decide by itself. Pure.
import { LaneSettings } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'

/** Settings as Codex is told of them; effort null: back to what Codex decides. */
export type ToldSettings = Omit<LaneSettings, 'effort'> & { effort?: string | null | undefined }

type Lane = Pick<LaneRow, 'settings' | 'effective'>

// What Codex decides where its configuration says nothing, for what it does not report.
const neutral: { [Name in keyof LaneSettings]?: LaneSettings[Name] } = {
  approvalsReviewer: 'user',
  summary: 'auto',
  serviceTier: 'default',
}

const reported = [
  'sandbox',
  'approvalPolicy',
  'approvalsReviewer',
  'model',
  'modelProvider',
  'effort',
  'serviceTier',
] as const

const isReported = (name: keyof LaneSettings): name is (typeof reported)[number] =>
  (reported as readonly string[]).includes(name)

const ownValue = ({ effective }: Lane, name: keyof LaneSettings): unknown => {
  const value = isReported(name) ? effective?.[name] : undefined
  // Codex may report what nobody can ask for, such as a granular policy.
  const asked = LaneSettings.shape[name].safeParse(value ?? undefined)
  return asked.success && asked.data !== undefined ? asked.data : neutral[name]
}

/** The settings of a lane, and Codex's own values of those that it was `told` of otherwise. */
export const laneToSettings = (lane: Lane, told: Iterable<keyof LaneSettings>): ToldSettings => {
  const { settings, effective } = lane
  const missing = [...told].filter((name) => settings[name] === undefined)
  const own = Object.fromEntries(
    missing.flatMap((name) => {
      const value = ownValue(lane, name)
      return value === undefined ? [] : [[name, value]]
    }),
  ) as LaneSettings
  const withoutEffort = missing.includes('effort') && own.effort === undefined
  const model = settings.model ?? own.model ?? effective?.model ?? undefined
  return {
    ...own,
    // Only together with a model can Codex be told to decide the effort.
    ...(withoutEffort && model !== undefined ? { effort: null, model } : {}),
    ...settings,
  }
}
