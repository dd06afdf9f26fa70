// What a person who adds or changes a trigger should know of it. Pure.
import type { TriggerRow } from '@dispatch/store'
import { msToIso } from '../clock/instant.ts'
import { textToSpan, textToWallFault } from '../sessions/instant.ts'

/** The times that were given, as they were written. */
type GivenTimes = { time?: string | undefined; until?: string | undefined }

/** What the clocks of that zone make of the times that were given. */
export const timesToNotes = ({ time, until }: GivenTimes, zone: string): string[] =>
  [
    { flag: '--at', text: time },
    { flag: '--until', text: until },
  ].flatMap(({ flag, text }) => {
    const fault = text === undefined ? null : textToWallFault(text, zone)
    if (text === undefined || fault === null) return []
    const at = msToIso(textToSpan(text, zone, flag).from)
    return fault === 'skipped'
      ? [`${flag}: the clocks of ${zone} pass over ${text}; it is taken as ${at}.`]
      : [`${flag}: the clocks of ${zone} show ${text} twice; the first is meant, ${at}.`]
  })

/** What a trigger as it is now will not do. */
export const rowToNotes = (row: TriggerRow): string[] => {
  const { id, action, kind, spec, laneId, sourceId, state } = row
  const waits = kind === 'waiting_on_approval' && laneId === sourceId
  const never = waits && action !== 'steer' && action !== 'queue' && spec.overlap === 'skip'
  return [
    ...(never
      ? ['A lane that waits for a person is busy, so this is always skipped: --overlap queue.']
      : []),
    ...(state === 'done' ? [`It is done and does not fire: ${row.reason ?? ''}`.trim()] : []),
    ...(state === 'paused' || state === 'disabled'
      ? [`It is ${state} and does not fire before dispatch trigger resume ${id}.`]
      : []),
  ]
}
