// The ops on messages: what waits, and what was handed over.
import type { DaemonServices } from '@dispatch/contract'
import { type DeliveryServiceOptions, makeDeliveryService } from './delivery-service.ts'
import { makeQueueService } from './queue-service.ts'

/** Makes `queue` and `delivery`. */
export const makeDeliveryServices = (
  options: DeliveryServiceOptions,
): Pick<DaemonServices, 'queue' | 'delivery'> => ({
  queue: makeQueueService(options),
  delivery: makeDeliveryService(options),
})
