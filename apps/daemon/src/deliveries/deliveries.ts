// The room of deliveries, put together: how a message leaves for Codex, at once or when its turn has
// come, how one is judged whose fate nobody saw, and the ops on messages.
import type { DaemonServices } from '@dispatch/contract'
import type { HistoryReader } from '../codex/history-reader.ts'
import type { DeliveryServiceOptions } from './delivery-service.ts'
import { type Enqueueing, type EnqueueingOptions, makeEnqueueing } from './enqueueing.ts'
import { makeGatherEvidence } from './evidence.ts'
import { type Idempotency, makeIdempotency } from './idempotency.ts'
import { type InjectionOptions, makeInjection } from './injection.ts'
import { makeQueueRunner, type QueueRunner, type RunnerOptions } from './queue-runner.ts'
import {
  makeReconciliation,
  type Reconciliation,
  type ReconciliationOptions,
} from './reconciliation.ts'
import { makeDeliveryServices } from './services.ts'
import { makeSteering, type Steering, type SteeringOptions } from './steering.ts'
import { makeSubmission, type Submission, type SubmissionOptions } from './submission.ts'
import { makeTurnStart, type TurnStartOptions } from './turn-start.ts'

/** The room. */
export type Deliveries = Disposable & {
  services: Pick<DaemonServices, 'queue' | 'delivery'>
  reconciliation: Reconciliation
  queues: QueueRunner
  submission: Submission
  steering: Steering
  enqueue: Enqueueing
  idempotent: Idempotency
}

type Made =
  | 'again'
  | 'gatherEvidence'
  | 'inject'
  | 'reconcile'
  | 'reconciliation'
  | 'runner'
  | 'start'

type DeliveriesOptions = Omit<
  DeliveryServiceOptions &
    EnqueueingOptions &
    InjectionOptions &
    ReconciliationOptions &
    RunnerOptions &
    SteeringOptions &
    SubmissionOptions &
    TurnStartOptions,
  Made
> & { history: HistoryReader }

/** Puts the room together. */
export const makeDeliveries = (options: DeliveriesOptions): Deliveries => {
  const { workers } = options
  const reconcile = (threadId: string): Promise<void> =>
    reconciliation.reconcile(threadId, { load: true })
  const reconciliation = makeReconciliation({
    ...options,
    gatherEvidence: makeGatherEvidence(options.history),
    again: (threadId) => void workers.run(threadId, () => reconcile(threadId)),
  })
  const handing = { ...options, reconcile }
  const start = makeTurnStart(handing)
  const queues = makeQueueRunner({ ...handing, start, inject: makeInjection(handing) })
  return {
    services: makeDeliveryServices({ ...handing, reconciliation, runner: queues }),
    reconciliation,
    queues,
    submission: makeSubmission({ ...handing, start }),
    steering: makeSteering(handing),
    idempotent: makeIdempotency(options),
    enqueue: makeEnqueueing({ ...handing, runner: queues }),
    [Symbol.dispose]() {
      queues[Symbol.dispose]()
      reconciliation[Symbol.dispose]()
    },
  }
}
