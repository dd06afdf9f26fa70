// The pause of a queue by a person: it outlasts whatever else holds the lane or lets it go.
import type { LaneRow } from '@dispatch/store'

/** Whether a person has paused what waits for the lane. */
export const isPaused = ({ held, heldFor }: Pick<LaneRow, 'held' | 'heldFor'>): boolean =>
  held && heldFor === 'person'
