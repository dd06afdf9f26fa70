// What a call would make of a lane that is there: settings of a message, of `set`, of a fork. An agent may
// narrow any lane. What widens one is judged with all that the lane would then have, or a lane that has more
// in one thing could be given the rest. What is not known of a lane counts as the most. Pure.
import { type DaemonConfig, DispatchError, type LaneSettings } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import { type Access, rankOf } from './access.ts'
import { type Planned, plannedToChild } from './child-access.ts'

/** A lane, as far as what it may do depends on it. */
export type Widened = Pick<LaneRow, 'handle' | 'ref' | 'cwd' | 'settings' | 'effective'>

/** Settings that are given to a lane, and such as are taken back. */
export type Change = { given: LaneSettings; unset: readonly (keyof LaneSettings)[] }

/** Whose call it is. */
export type Widening = {
  parent: Access
  /** A path without links. */
  real: (path: string) => string
  policy: Pick<DaemonConfig['policy'], 'requests'>
}

const isOneOf = <T extends string>(names: readonly T[], value: unknown): value is T =>
  (names as readonly unknown[]).includes(value)

const sandboxes = ['read-only', 'workspace-write', 'danger-full-access'] as const
const policies = ['untrusted', 'on-request', 'never'] as const

const laneToPlanned = ({ cwd, settings, effective }: Widened, widening: Widening): Planned => {
  const { parent, policy } = widening
  const sandbox = effective?.sandbox
  const approvalPolicy = effective?.approvalPolicy
  const reviewer = effective?.approvalsReviewer ?? undefined
  const provider = effective?.modelProvider ?? undefined
  return {
    cwd,
    settings: {
      sandbox: isOneOf(sandboxes, sandbox) ? sandbox : 'danger-full-access',
      approvalPolicy: isOneOf(policies, approvalPolicy) ? approvalPolicy : 'never',
      ...(reviewer === undefined
        ? {}
        : { approvalsReviewer: reviewer as NonNullable<LaneSettings['approvalsReviewer']> }),
      ...(provider === undefined ? {} : { modelProvider: provider }),
      requests: policy.requests,
      ...(parent.network === false ? { network: true } : {}),
      ...settings,
    },
  }
}

const accessNames = [
  ...['sandbox', 'approvalPolicy', 'approvalsReviewer', 'requests'],
  ...['network', 'addDir', 'env', 'modelProvider'],
] as readonly (keyof LaneSettings)[]

const isWidened = (given: LaneSettings, now: LaneSettings): boolean => {
  const isRaised = (name: 'sandbox' | 'approvalPolicy' | 'requests'): boolean =>
    given[name] !== undefined && rankOf(name, given[name]) > rankOf(name, now[name])
  const { approvalPolicy, approvalsReviewer, addDir = [], env = {}, modelProvider } = given
  // A policy that asks for more gives more where nobody but dispatch or a model is asked.
  const isAnswered = now.requests === 'permissive' || (now.approvalsReviewer ?? 'user') !== 'user'
  const isAsking = approvalPolicy !== undefined && approvalPolicy !== now.approvalPolicy
  return (
    isRaised('sandbox') ||
    isRaised('approvalPolicy') ||
    isRaised('requests') ||
    (isAsking && isAnswered) ||
    (approvalsReviewer ?? 'user') !== 'user' ||
    (given.network === true && now.network !== true) ||
    addDir.some((path) => now.addDir?.includes(path) !== true) ||
    Object.entries(env).some(([name, value]) => now.env?.[name] !== value) ||
    (modelProvider !== undefined && modelProvider !== now.modelProvider)
  )
}

const refuseTakingBack = ({ handle, settings }: Widened, unset: Change['unset']): void => {
  const field = unset.find(
    (name) => name !== 'env' && accessNames.includes(name) && settings[name] !== undefined,
  )
  if (field === undefined) return
  throw new DispatchError(
    'authority',
    `What ${handle} would have without ${field} is for the configuration to say, and may be more than you have yourself.`,
    {
      hint: `Give ${field} a value that you have yourself, or ask a person to take it back.`,
      details: { bound: 'parent', field },
    },
  )
}

const held = ({ cwd, settings }: Planned, { parent, real }: Widening, hint: string): Planned => {
  const asked = new Set<string>(['cwd', ...accessNames])
  const { network: _network, addDir: _addDir, ...rest } = settings
  // These mean something in workspace-write alone.
  const meant = settings.sandbox === 'workspace-write' ? settings : rest
  const child = plannedToChild({ cwd, settings: meant }, { parent, asked, real, hint })
  return { cwd: child.cwd, settings: child.settings }
}

/** Throws `authority` where the change would give the lane more than the caller has. */
export const refuseWidening = (lane: Widened, change: Change, widening: Widening): void => {
  refuseTakingBack(lane, change.unset)
  const { cwd, settings } = laneToPlanned(lane, widening)
  if (!isWidened(change.given, settings)) return
  const hint = `Leave ${lane.handle} as it is: a person can give it more.`
  held({ cwd, settings: { ...settings, ...change.given } }, widening, hint)
}

/** The directory and settings of a fork of the lane; throws `authority` where they are more than the caller has. */
export const laneToFork = (lane: Widened, widening: Widening): Planned => {
  const hint = `Make a lane with new: it is as you are. A person can fork ${lane.handle}.`
  return held(laneToPlanned(lane, widening), widening, hint)
}
