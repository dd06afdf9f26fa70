// What a person should look at, a sentence each, with the command that ends it: pure.
import type { DaemonStatus } from '@dispatch/contract'
import type { DeliveryHead, LaneRow } from '@dispatch/store'

/** How many there are, and those that are named. */
type Counted<Row> = { count: number; rows: readonly Row[] }

/** What is looked at. */
export type Worth = Pick<DaemonStatus, 'codex' | 'requests' | 'triggers'> & {
  /** Deliveries of which nobody can tell whether Codex has them. */
  ambiguous: Counted<DeliveryHead>
  stalled: Counted<LaneRow>
  /** Lanes that hold what waits for them. */
  held: Counted<LaneRow>
}

/** Of each kind so many are named. */
export const NAMED_MAX = 20

const codexWarnings = ({ state, stale, error }: Worth['codex']): string[] => [
  ...(state === 'ready' || state === 'starting'
    ? []
    : [`Codex is ${state}: ${error ?? 'no reason known'}`]),
  ...(stale
    ? ['The running App Server is not the installed Codex; it is replaced when nothing runs.']
    : []),
]

const requestWarnings = ({ pending }: Worth['requests']): string[] => {
  if (pending === 0) return []
  const many = pending === 1 ? 'A request waits' : `${pending} requests wait`
  return [`${many} for a person: dispatch request list`]
}

const triggerWarnings = ({ disabled }: Worth['triggers']): string[] => {
  if (disabled === 0) return []
  const many = disabled === 1 ? 'A trigger was' : `${disabled} triggers were`
  return [`${many} disabled: dispatch trigger list --state disabled`]
}

const holdReasons: Record<NonNullable<LaneRow['heldFor']>, string> = {
  person: 'it was paused',
  stopped: 'its turn was stopped',
  failed: 'its turn failed',
  undelivered: 'a message failed',
  archived: 'it was archived',
}

const told = <Row>({ count, rows }: Counted<Row>, words: (row: Row) => string): string[] => {
  const named = rows.slice(0, NAMED_MAX).map(words)
  const more = count - named.length
  return more > 0 ? [...named, `And ${more} more like the one before.`] : named
}

/** The sentences. */
export const worthToWarnings = ({
  codex,
  requests,
  triggers,
  ambiguous,
  stalled,
  held,
}: Worth): string[] => [
  ...codexWarnings(codex),
  ...told(
    ambiguous,
    ({ id }) =>
      `Whether Codex has message ${id} cannot be told: dispatch delivery reconcile ${id}, then retry or discard`,
  ),
  ...requestWarnings(requests),
  ...told(
    stalled,
    ({ ref, handle, stalledReason }) =>
      `${handle} is stalled: ${stalledReason ?? 'no reason known'}. dispatch tail ${ref}, or dispatch stop ${ref}`,
  ),
  ...told(
    held,
    ({ ref, handle, heldFor }) =>
      `${handle} holds what waits for it (${heldFor === null ? 'no reason known' : holdReasons[heldFor]}): dispatch queue resume ${ref}`,
  ),
  ...triggerWarnings(triggers),
]
