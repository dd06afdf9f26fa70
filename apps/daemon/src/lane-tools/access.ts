// How much a lane may do: what its turns run under, as the least of what is known. Unknown is the least. Pure.
import type { DaemonConfig, LaneSettings, TurnSettings } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'

/** From the least to the most; of the approval policies, from the one that asks of all to the one that asks of nothing. */
const ranks = {
  sandbox: ['read-only', 'workspace-write', 'danger-full-access'],
  approvalPolicy: ['untrusted', 'on-request', 'never'],
  requests: ['deny', 'attention', 'permissive'],
} as const

/** A setting whose values are in an order. */
type Ranked = keyof typeof ranks

/** How much a value is; one that has no place is the least. */
export const rankOf = (name: Ranked, value: string | null | undefined): number =>
  Math.max(0, (ranks[name] as readonly string[]).indexOf(value ?? ''))

/** How much a lane may do. */
export type Access = {
  cwd: string
  sandbox: (typeof ranks.sandbox)[number]
  approvalPolicy: (typeof ranks.approvalPolicy)[number]
  approvalsReviewer: string
  requests: (typeof ranks.requests)[number]
  /** Absent: as the configuration of Codex says. */
  network: boolean | undefined
  addDir: readonly string[] | undefined
  env: Readonly<Record<string, string>>
  modelProvider: string | null
  /** What the lane itself sets of it. */
  own: Pick<LaneSettings, 'modelProvider' | 'requests' | 'requestTimeoutSeconds'>
}

type Policy = Pick<DaemonConfig['policy'], 'requests'>

/** The least of what a lane has and what the messages of its turn set otherwise. */
export const laneToAccess = (
  { cwd, settings, effective }: Pick<LaneRow, 'cwd' | 'settings' | 'effective'>,
  overrides: readonly TurnSettings[],
  policy: Policy,
): Access => {
  const least = <Name extends 'sandbox' | 'approvalPolicy'>(name: Name): Access[Name] => {
    const given = overrides.flatMap((one) => (one[name] === undefined ? [] : [one[name]]))
    const rank = Math.min(rankOf(name, effective?.[name]), ...given.map((one) => rankOf(name, one)))
    return ranks[name][rank] as Access[Name]
  }
  const { network, addDir, env = {}, modelProvider, requests, requestTimeoutSeconds } = settings
  return {
    cwd,
    sandbox: least('sandbox'),
    approvalPolicy: least('approvalPolicy'),
    approvalsReviewer: effective?.approvalsReviewer ?? 'user',
    requests: requests ?? policy.requests,
    network,
    addDir,
    env,
    modelProvider: effective?.modelProvider ?? null,
    own: {
      ...(modelProvider === undefined ? {} : { modelProvider }),
      ...(requests === undefined ? {} : { requests }),
      ...(requestTimeoutSeconds === undefined ? {} : { requestTimeoutSeconds }),
    },
  }
}
