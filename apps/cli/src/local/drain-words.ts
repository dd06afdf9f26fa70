// For whom `--drain` waits, in a line. Pure.
import type { ShutdownPlan } from '@dispatch/contract'
import { visibleLine } from '../output/visible.ts'

const NAMED_MAX = 10

/** The line; who asks a person comes first, because that one may wait for ever. */
export const drainToWords = (lanes: ShutdownPlan['waitsFor']): string => {
  const asking = lanes.filter(({ asks }) => asks)
  const ordered = [...asking, ...lanes.filter(({ asks }) => !asks)]
  const named = ordered
    .slice(0, NAMED_MAX)
    .map(({ handle, asks }) => visibleLine(asks ? `${handle} (asks a person)` : handle))
  const more = ordered.length - named.length
  const all = more > 0 ? [...named, `and ${more} more`] : named
  const wayOut = asking.length > 0 ? '; until it is answered: dispatch request list' : ''
  return `waits for ${all.join(', ')}${wayOut}`
}
