// Outputs of subscriptions: the schema of one event, and the port's cursors as tRPC tracks them.
import { tracked, type TrackedEnvelope } from '@trpc/server'
import { z } from 'zod'
import type { EventStream } from './port.ts'

const eventSchemas = new WeakMap<z.ZodType, z.ZodType>()

type Stream<T> = AsyncIterable<TrackedEnvelope<T> | T>

const isAsyncIterable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** The output schema of a subscription. Events are not parsed one by one: at 50,000 a second that would be the cost of all. */
export const streamOf = <S extends z.ZodType>(event: S): z.ZodType<Stream<z.output<S>>> => {
  const schema = z.custom<Stream<z.output<S>>>(isAsyncIterable)
  eventSchemas.set(schema, event)
  return schema
}

/** The schema of one event of a stream, or of a whole answer that is none. */
export const eventSchemaOf = (output: z.ZodType): z.ZodType => eventSchemas.get(output) ?? output

/** Hands a service's events to tRPC; those without a cursor go untracked. */
export async function* track<T>(events: EventStream<T>): Stream<T> {
  for await (const { cursor, data } of events) {
    // A mere position travels as a tracked null, which no client hands on.
    yield cursor === null ? (data as T) : tracked(cursor, data as T)
  }
}
