// The schema, as the steps that lead to it. A step that has shipped is never changed.
import type { Migration } from './migrate.ts'
import { first } from './steps/first.ts'
import { syncs, unsetSettings, creations, goals, turnReason, stalls } from './steps/lanes.ts'
import { deliveryStates, keyAges, overridden, queuePosition, queues } from './steps/deliveries.ts'
import { attention, heldQueues } from './steps/attention.ts'
import { cutTurns } from './steps/cut-turns.ts'
import { laneRoots } from './steps/lane-roots.ts'
import { laneTools } from './steps/lane-tools.ts'
import { requests } from './steps/requests.ts'
import { leftRuns } from './steps/left-runs.ts'
import { triggerInput } from './steps/trigger-input.ts'
import { triggerSeconds } from './steps/trigger-seconds.ts'
import { failingTriggers, putAway, triggerFailures, triggers } from './steps/triggers.ts'

/** Every step; its index is the version that it starts from. */
export const migrations: readonly Migration[] = [
  first,
  syncs,
  unsetSettings,
  creations,
  overridden,
  queuePosition,
  goals,
  attention,
  turnReason,
  stalls,
  queues,
  requests,
  heldQueues,
  keyAges,
  triggers,
  putAway,
  triggerFailures,
  leftRuns,
  deliveryStates,
  laneTools,
  triggerInput,
  failingTriggers,
  triggerSeconds,
  laneRoots,
  cutTurns,
]
