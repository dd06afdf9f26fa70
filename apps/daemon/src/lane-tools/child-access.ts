// What a lane that an agent makes may do: no more than the lane of the agent. What the agent itself asks for
// beyond that is refused; what a preset or the configuration would give is lowered, with a word; what nobody
// asks for is as with the agent's lane, never as Codex's own configuration would have it. Pure.
import { DispatchError, type LaneSettings } from '@dispatch/contract'
import { type Access, rankOf } from './access.ts'

/** A lane before it is made: what comes of the call and of the configuration together. */
export type Planned = { cwd: string; settings: LaneSettings }

/** A lane that is no more than its parent, and what was lowered. */
export type Child = Planned & { notes: string[] }

type Judging = {
  parent: Access
  /** Fields that the agent itself gave. */
  asked: ReadonlySet<string>
  /** A path without links. */
  real: (path: string) => string
  /** What the caller can do where it is refused; that of a new lane when absent. */
  hint?: string
}

type Setting = keyof LaneSettings | 'cwd'

const keyOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

// Variables may be secrets of another lane.
const toShown = (name: Setting, value: unknown): unknown =>
  name === 'env' ? Object.keys(value ?? {}) : value

const beyond = (name: Setting, [value, most]: [unknown, unknown], hint?: string): DispatchError => {
  const [given, own] = [toShown(name, value), toShown(name, most)]
  return new DispatchError(
    'authority',
    `${name} ${JSON.stringify(given)} is more than you have yourself: ${JSON.stringify(own ?? null)}.`,
    {
      hint:
        hint ??
        `Leave ${name} out: the lane is then as you are. A person can make one that may more.`,
      details: { bound: 'parent', field: name, most: own },
    },
  )
}

const isBelow = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`)

const isFree = ({ sandbox }: Access): boolean => sandbox === 'danger-full-access'

const hasNetwork = (access: Access): boolean =>
  isFree(access) || (access.sandbox === 'workspace-write' && access.network === true)

// Who can write below a directory can put a link to elsewhere in the place of what was looked at, so of
// these only the directory itself is sure to stay what it is. For the same reason a lane is given a path
// without links, or the one that its parent has, never the one that was asked for.
const placeOf = (path: string, { parent, real }: Judging): string | null => {
  if (isFree(parent)) return path
  const [asked, own] = [real(path), real(parent.cwd)]
  if (asked === own) return parent.cwd
  return parent.sandbox === 'read-only' && isBelow(asked, own) ? asked : null
}

const writablePlaceOf = (path: string, { parent, real }: Judging): string | null => {
  if (isFree(parent)) return path
  if (parent.sandbox === 'read-only') return null
  const asked = real(path)
  return [parent.cwd, ...(parent.addDir ?? [])].find((own) => real(own) === asked) ?? null
}

/** The lane as it may be made; throws `authority`. */
export const plannedToChild = ({ cwd, settings }: Planned, judging: Judging): Child => {
  const { parent, asked } = judging
  const notes: string[] = []

  const lowered = <T>(name: Setting, value: unknown, most: T): T => {
    if (asked.has(name)) throw beyond(name, [value, most], judging.hint)
    const shown = name === 'env' ? '' : ` ${JSON.stringify(value)}`
    notes.push(`${keyOf(name)}${shown} of the configuration is more than the lane may have.`)
    return most
  }

  const ranked = <Name extends 'sandbox' | 'approvalPolicy'>(
    name: Name,
    most: Access[Name],
  ): Access[Name] => {
    const value = settings[name]
    if (value === undefined) return most
    return rankOf(name, value) > rankOf(name, most)
      ? lowered(name, value, most)
      : (value as Access[Name])
  }

  const network = (): boolean | undefined => {
    const value = settings.network ?? parent.network
    return settings.network === true && !hasNetwork(parent)
      ? lowered('network', true, false)
      : value
  }

  const addDir = (): string[] | undefined => {
    const given = settings.addDir
    const own = parent.addDir === undefined ? undefined : [...parent.addDir]
    if (given === undefined) return own
    const kept = given.flatMap((path) => writablePlaceOf(path, judging) ?? [])
    return kept.length === given.length ? kept : lowered('addDir', given, kept)
  }

  const env = (): Record<string, string> => {
    const given = Object.entries(settings.env ?? {})
    const kept = given.filter(([name, value]) => parent.env[name] === value)
    const own = Object.fromEntries(kept)
    return kept.length === given.length ? own : lowered('env', settings.env, own)
  }

  const provider = (): string | undefined => {
    const value = settings.modelProvider
    if (value === undefined || value === parent.modelProvider)
      return value ?? parent.own.modelProvider
    return lowered('modelProvider', value, parent.own.modelProvider)
  }

  const reviewer = (): string => {
    const value = settings.approvalsReviewer ?? parent.approvalsReviewer
    const isKnown = value === 'user' || value === parent.approvalsReviewer
    return isKnown ? value : lowered('approvalsReviewer', value, parent.approvalsReviewer)
  }

  const approvalPolicy = ranked('approvalPolicy', parent.approvalPolicy)
  // What a lane that never asks cannot get, none gets by asking where nobody is asked.
  const most =
    approvalPolicy !== parent.approvalPolicy && parent.requests === 'permissive'
      ? 'attention'
      : parent.requests
  const requests = (): LaneSettings['requests'] => {
    const value = settings.requests ?? parent.own.requests
    if (value === undefined) return most === parent.requests ? undefined : most
    if (rankOf('requests', value) <= rankOf('requests', most)) return value
    return settings.requests === undefined ? most : lowered('requests', value, most)
  }

  const access = {
    sandbox: ranked('sandbox', parent.sandbox),
    approvalPolicy,
    approvalsReviewer: reviewer(),
    network: network(),
    addDir: addDir(),
    env: env(),
    modelProvider: provider(),
    requests: requests(),
    requestTimeoutSeconds: settings.requestTimeoutSeconds ?? parent.own.requestTimeoutSeconds,
  }
  const given = Object.fromEntries(
    Object.entries({ ...settings, ...access }).filter(([, value]) => value !== undefined),
  ) as LaneSettings
  return {
    cwd: placeOf(cwd, judging) ?? lowered('cwd', cwd, parent.cwd),
    settings: given,
    notes,
  }
}
