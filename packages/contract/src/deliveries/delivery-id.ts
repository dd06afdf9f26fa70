// How a delivery is named.
import { z } from 'zod'

/** Names one delivery. */
export const DeliveryId = z
  .string()
  .min(1)
  .max(100)
  .describe('Delivery: its id, or a unique beginning of it (13 or more characters)')
