// What Codex says of a thread that shows its turn to be alive. Not so: what it says of the thread
// itself, which people and other programs do to it, and what it tells anew to who joins it (its goal);
// warnings; and that it tries again to reach its model, which it does for ever.
import type { RawNotification } from './translate-notification.ts'

// Of those that are named after the thread, these come of its turn.
const ofTheTurn = new Set([
  'thread/compacted',
  'thread/status/changed',
  'thread/tokenUsage/updated',
])

const tellsNothing = /^(?:thread\/|warning$|configWarning$|guardianWarning$|deprecationNotice$)/

/** Whether the turn of the thread that is spoken of is alive. */
export const isSignOfLife = ({ method, params }: RawNotification): boolean => {
  if (method !== 'error') return ofTheTurn.has(method) || !tellsNothing.test(method)
  return (params as { willRetry?: unknown } | undefined)?.willRetry !== true
}
