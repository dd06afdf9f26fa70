// What an agent's call may not do: loops and fan-out are bounded, and what is another's is left alone. Each
// refusal names its bound. What a new lane may do beside it is in child-access.ts. Pure.
import { type DaemonConfig, DispatchError } from '@dispatch/contract'
import type { LaneToolMeta } from '@dispatch/contract/manifest'

/** The bounds of the configuration. */
export type Limits = Pick<
  DaemonConfig['lane_tools'],
  'max_depth' | 'max_children' | 'max_below' | 'messages_per_minute'
>

/** A lane that a call names. */
export type Target = {
  threadId: string
  handle: string
  /** Whether the caller made it, or a lane that the caller made. */
  isOwn: boolean
  /** Whether it waits for the caller in turn. */
  isWaiting: boolean
}

/** A call, as far as its bounds depend on it. */
export type Attempt = {
  bound: LaneToolMeta['bound']
  /** `below`: lanes below the one that all of them come from. */
  caller: { threadId: string; depth: number; children: number; below: number }
  targets: readonly Target[]
  /** How a message is sent. */
  mode: string
  /** Whether it sends a message, and whether it waits for a turn. */
  sends: boolean
  waits: boolean
  /** Messages of the last minute. */
  messages: number
  /** Whether it was begun before, when its daemon ended: it counts already. */
  isBegun: boolean
}

/** A minute, in ms. */
export const MINUTE_MS = 60_000

const beyond = (
  bound: keyof Limits,
  said: string,
  rest: { limit: number; hint: string; retryable?: boolean },
): DispatchError => {
  const { limit, hint, ...options } = rest
  return new DispatchError('authority', `${said} ([lane_tools] ${bound} = ${limit}).`, {
    hint,
    details: { bound, limit },
    ...options,
  })
}

const tooDeep = ({ caller }: Attempt, { max_depth: limit }: Limits): DispatchError | null => {
  if (caller.depth < limit) return null
  const said = limit === 0 ? 'Lanes make no lanes' : 'You are as deep as lanes make lanes'
  return beyond('max_depth', said, { limit, hint: 'Do it yourself, or ask a person for a lane.' })
}

const tooMany = ({ caller }: Attempt, { max_children: limit }: Limits): DispatchError | null =>
  caller.children < limit
    ? null
    : beyond('max_children', `You have made ${caller.children} lanes that are not archived`, {
        limit,
        hint: 'Give the work to one of them, or ask a person to archive some.',
      })

const tooWide = ({ caller }: Attempt, { max_below: limit }: Limits): DispatchError | null =>
  caller.below < limit
    ? null
    : beyond('max_below', `${caller.below} lanes below that of a person are not archived`, {
        limit,
        hint: 'Give the work to one of yours, or ask a person to archive some.',
      })

const tooFast = ({ messages }: Attempt, { messages_per_minute: limit }: Limits) =>
  messages < limit
    ? null
    : beyond('messages_per_minute', `You have sent ${messages} messages within a minute`, {
        limit,
        hint: 'Wait for answers, or send one message in the place of several.',
        retryable: limit > 0,
      })

const notOwn = ({ handle, threadId }: Target, what: string): DispatchError =>
  new DispatchError('authority', `You did not make ${handle}: ${what}.`, {
    hint: 'Send it a message instead.',
    details: { bound: 'own', lane: threadId },
  })

const itself = (what: string): DispatchError =>
  new DispatchError('validation', `That is your own lane: ${what}.`, { details: { bound: 'self' } })

const deadlock = ({ handle, threadId }: Target): DispatchError =>
  new DispatchError('validation', `${handle} waits for you: both would wait for ever.`, {
    hint: 'End your turn, or send it a message with mode queue.',
    details: { bound: 'waits', lane: threadId },
  })

const beyondTarget = (attempt: Attempt, target: Target): DispatchError | null => {
  const { bound, mode, caller, sends, waits } = attempt
  if (target.threadId === caller.threadId) {
    if (sends) return itself('it takes no message from itself')
    if (waits) return itself('it would wait for the end of the turn that waits')
    if (bound === 'own') return itself('this is for a person, or for the lane that made it')
    return null
  }
  if (bound === 'own' && !target.isOwn) return notOwn(target, 'only who made it may do that')
  if (sends && (mode === 'steer' || mode === 'interject') && !target.isOwn) {
    return notOwn(target, `only who made it may send with mode ${mode}`)
  }
  return waits && target.isWaiting ? deadlock(target) : null
}

/** Why a call is refused, or null. */
export const attemptToRefusal = (attempt: Attempt, limits: Limits): DispatchError | null => {
  for (const target of attempt.targets) {
    const refusal = beyondTarget(attempt, target)
    if (refusal) return refusal
  }
  if (attempt.isBegun) return null
  const makes = attempt.bound === 'makes'
  return (
    (makes
      ? (tooDeep(attempt, limits) ?? tooMany(attempt, limits) ?? tooWide(attempt, limits))
      : null) ?? (attempt.sends ? tooFast(attempt, limits) : null)
  )
}
