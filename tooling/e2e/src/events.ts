// What `watch --follow` printed, as events.
import type { DispatchEvent } from '@dispatch/contract'
import type { Running } from './spawn.ts'

const parse = (line: string): DispatchEvent => JSON.parse(line) as DispatchEvent

/** Every event that it printed so far. */
export const eventsOf = (watch: Pick<Running, 'lines'>): DispatchEvent[] => watch.lines.map(parse)

/** The events that have a cursor. */
export const durable = (events: readonly DispatchEvent[]): DispatchEvent[] =>
  events.filter(({ cursor }) => cursor !== null)

/** The first event, past or to come, that fits. */
export const eventOf = async (
  watch: Running,
  fits: (event: DispatchEvent) => boolean,
): Promise<DispatchEvent> => parse(await watch.line((line) => fits(parse(line))))

/** Resolves when the event with that cursor has been printed. */
export const reach = (watch: Running, cursor: string): Promise<DispatchEvent> =>
  eventOf(watch, (event) => event.cursor === cursor)
