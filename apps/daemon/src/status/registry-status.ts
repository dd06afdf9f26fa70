// The part of the status that the registry tells, kept while nothing is written: it is a dozen questions,
// 0.4 ms, and asked for by whoever looks whether the daemon lives.
import type { DaemonStatus } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import { attentionKinds, attentionOf, attentionToWarnings } from './attention.ts'

/** That part; the warnings are those of what waits for a person. */
export type RegistryStatus = Pick<
  DaemonStatus,
  'lanes' | 'deliveries' | 'queues' | 'requests' | 'triggers' | 'warnings'
>

const triggersOf = (store: Store): DaemonStatus['triggers'] => {
  const { active, paused, disabled, done } = store.triggers.counts()
  const failing = store.triggers.countFailing()
  return { total: active + paused + disabled + done, enabled: active, disabled, failing }
}

const lanesOf = (store: Store): DaemonStatus['lanes'] => {
  const lanes = store.lanes.counts()
  const all = Object.values(lanes).reduce((sum, count) => sum + count, 0)
  return {
    total: all - lanes.archived,
    busy: lanes.busy,
    waitingApproval: lanes.waiting_approval,
    error: lanes.error,
    ...store.lanes.marks(),
  }
}

const read = (store: Store): RegistryStatus => {
  const { queued, submitting, ambiguous } = store.deliveries.counts()
  return {
    lanes: lanesOf(store),
    deliveries: { queued, submitting, ambiguous },
    queues: store.lanes.queues(),
    requests: { pending: store.requests.countPending() },
    triggers: triggersOf(store),
    warnings: attentionKinds.flatMap((kind) => attentionToWarnings(attentionOf(store, kind))),
  }
}

/** Makes the reading of it. */
export const makeRegistryStatus = (store: Store): (() => RegistryStatus) => {
  let known: { changes: number; status: RegistryStatus } | null = null
  return () => {
    // What is read in a transaction may be taken back.
    if (store.inTransaction()) return read(store)
    const changes = store.changes()
    if (known?.changes !== changes) known = { changes, status: read(store) }
    return known.status
  }
}
