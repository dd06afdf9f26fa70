// How a delivery is named.
import { ShortId } from '../short-id.ts'

/** Names one delivery. */
export const DeliveryId = ShortId('Delivery')
