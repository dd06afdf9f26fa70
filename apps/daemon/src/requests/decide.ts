// What the policy says to a request: pure. Rules in their order, the first that fits decides; where none
// fits, the mode does. An allow rule answers this one request and never widens what the lane may do:
// nothing is granted for later, and what asks for more permissions is left to a person.
//
//   command       command_prefix, and network where the request is about a host
//   file_change   path, for each file by itself: one that is denied denies all, all must be allowed
//   permissions   network, to deny alone
import type { DaemonConfig, RequestAsk } from '@dispatch/contract'
import {
  commandToWords,
  isPrefixByNameOf,
  isPrefixOf,
  prefixToWords,
} from '@dispatch/contract/command-line'

/** The table of the configuration, with the mode and time limit of the lane in their place. */
export type RequestPolicy = {
  mode: DaemonConfig['policy']['requests']
  timeoutSeconds: number | null
  rules: DaemonConfig['policy']['rules']
}

/** Where a path leads to. */
export type Places = {
  /** Absolute, `.` and `..` resolved, `~` and what is relative filled in. */
  normal(path: string): string
  /** The same with links followed. */
  real(path: string): string
}

/** What is to be done with a request. */
export type Verdict =
  | { kind: 'ask'; timeoutSeconds: number | null }
  | { kind: 'answer'; decision: 'approve' | 'deny'; rule: string }

type Rule = RequestPolicy['rules'][number]
type Effect = 'allow' | 'deny'
type Hit = { effect: Effect; rule: string } | null

const effectOf = (rule: Rule): Effect => (rule.deny === true ? 'deny' : 'allow')

const prefixOf = ({ command_prefix: prefix }: Rule): readonly string[] | null =>
  prefix === undefined ? null : prefixToWords(prefix)

/** A rule as a person reads it. */
const ruleToText = (rule: Rule): string => {
  const { command_prefix: prefix, path, network } = rule
  const words = typeof prefix === 'string' ? prefix : prefix?.join(' ')
  const [key, value] =
    words !== undefined
      ? ['command_prefix', words]
      : path !== undefined
        ? ['path', path]
        : ['network', network]
  return `${effectOf(rule)} ${key} = ${JSON.stringify(value)}`
}

const firstHit = (rules: readonly Rule[], fits: (rule: Rule, effect: Effect) => boolean): Hit => {
  const rule = rules.find((one) => fits(one, effectOf(one)))
  return rule === undefined ? null : { effect: effectOf(rule), rule: ruleToText(rule) }
}

/** One denial denies; all must be allowed to be allowed. */
const joined = (hits: readonly Hit[]): Hit => {
  const denied = hits.find((hit) => hit?.effect === 'deny')
  if (denied) return denied
  return hits.length > 0 && hits.every((hit) => hit !== null) ? (hits[0] ?? null) : null
}

const isHost = (rule: Rule, host: string): boolean =>
  rule.network === '*' || rule.network?.toLowerCase() === host.toLowerCase()

const commandHit = (rules: readonly Rule[], ask: RequestAsk): Hit => {
  const { command, network } = ask
  if (network !== null) return firstHit(rules, (rule) => isHost(rule, network.host))
  if (command === null) return null
  const { plain, parts } = commandToWords(command)
  // What was cut may end otherwise than it looks.
  const isKnown = plain !== null && ask.permissions === null && !ask.truncated
  if (isKnown) {
    return firstHit(rules, (rule, effect) => {
      const prefix = prefixOf(rule) ?? []
      return effect === 'deny' ? isPrefixByNameOf(prefix, plain) : isPrefixOf(prefix, plain)
    })
  }
  return firstHit(
    rules,
    (rule, effect) =>
      effect === 'deny' && parts.some((part) => isPrefixByNameOf(prefixOf(rule) ?? [], part)),
  )
}

const isInside = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`)

const fileHit = (rules: readonly Rule[], ask: RequestAsk, places: Places): Hit => {
  if (ask.changes === null) return null
  const paths = ask.changes.flatMap(({ path, movedTo }) =>
    movedTo === null ? [path] : [path, movedTo],
  )
  const hitOf = (path: string): Hit =>
    firstHit(rules, (rule, effect) => {
      if (rule.path === undefined) return false
      const isReal = isInside(places.real(path), places.real(rule.path))
      if (effect === 'allow') return isReal && ask.grantRoot === null
      return isReal || isInside(places.normal(path), places.normal(rule.path))
    })
  return joined(paths.map(hitOf))
}

const permissionHit = (rules: readonly Rule[], ask: RequestAsk): Hit =>
  ask.permissions?.network === true
    ? firstHit(rules, (rule, effect) => effect === 'deny' && rule.network === '*')
    : null

const hitOf = (rules: readonly Rule[], ask: RequestAsk, places: Places): Hit => {
  if (ask.kind === 'command') return commandHit(rules, ask)
  if (ask.kind === 'file_change') return fileHit(rules, ask, places)
  return ask.kind === 'permissions' ? permissionHit(rules, ask) : null
}

/** Whether `permissive` says yes: to what is known whole, over when it is done, and needs no words. */
const isPermitted = (ask: RequestAsk): boolean =>
  ask.offered.includes('approve') &&
  !ask.truncated &&
  (ask.kind === 'command' ||
    ask.kind === 'tool' ||
    (ask.kind === 'file_change' && ask.grantRoot === null && ask.changes !== null))

/** What becomes of a request of a lane that dispatch owns. */
export const decideRequest = (policy: RequestPolicy, ask: RequestAsk, places: Places): Verdict => {
  const hit = hitOf(policy.rules, ask, places)
  if (hit !== null) {
    const decision = hit.effect === 'deny' ? 'deny' : 'approve'
    return { kind: 'answer', decision, rule: hit.rule }
  }
  if (policy.mode === 'deny') return { kind: 'answer', decision: 'deny', rule: 'requests = "deny"' }
  if (policy.mode === 'permissive' && isPermitted(ask)) {
    return { kind: 'answer', decision: 'approve', rule: 'requests = "permissive"' }
  }
  return { kind: 'ask', timeoutSeconds: policy.timeoutSeconds }
}
