// Lines that go to a client, as text: tRPC's envelope is put around by hand, which spares a second
// object for each event.
import { isTrackedEnvelope, type TRPCError } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import {
  DispatchError,
  type ErrorBody,
  errorToBody,
  failureToBody,
  type ServerHello,
} from '@dispatch/contract'
import type { Request } from './request.ts'

// What JSON has no word for is null on the wire.
const toJson = (value: unknown): string => JSON.stringify(value) ?? 'null'

/** The daemon's hello. */
export const helloLine = (hello: ServerHello['hello']): string => `${JSON.stringify({ hello })}\n`

/** The answer to a query or a mutation. */
export const resultLine = (id: number, data: unknown): string =>
  `{"id":${id},"result":{"data":${toJson(data)}}}\n`

/** A subscription has begun. */
export const startedLine = (id: number): string => `{"id":${id},"result":{"type":"started"}}\n`

/** A subscription has ended. */
export const stoppedLine = (id: number): string => `{"id":${id},"result":{"type":"stopped"}}\n`

// Followers share what is frozen, the events of the rings: such a one is written once for all of
// them. Not a long one: as many lines are kept as there are in the two rings of 4,096, of 1,024
// characters at most, which is 8 MB, or 16 of a script beyond Latin.
const written = new WeakMap<object, string>()
const LONG = 1_024

const toJsonOnce = (event: unknown): string => {
  if (typeof event !== 'object' || event === null || !Object.isFrozen(event)) return toJson(event)
  const known = written.get(event)
  if (known !== undefined) return known
  const json = toJson(event)
  if (json.length <= LONG) written.set(event, json)
  return json
}

/** An event; its cursor is the envelope's id. */
export const eventLine = (id: number, event: unknown): string =>
  isTrackedEnvelope(event)
    ? `{"id":${id},"result":{"type":"data","id":${toJson(event[0])},"data":${toJsonOnce(event[1])}}}\n`
    : `{"id":${id},"result":{"type":"data","data":${toJsonOnce(event)}}}\n`

/** An error; `id` null is one of the connection itself. */
export const errorLine = (id: number | null, data: ErrorBody, code: number = BAD_REQUEST): string =>
  `${JSON.stringify({ id, error: { code, message: data.message, data } })}\n`

const { BAD_REQUEST } = TRPC_ERROR_CODES_BY_KEY

/** What a procedure threw, as a body; a bug's says where the log is. */
export const failureBody = (
  error: TRPCError,
  { path, input }: Pick<Request, 'path' | 'input'>,
): ErrorBody => {
  if (error.code === 'METHOD_NOT_SUPPORTED') {
    return errorToBody(new DispatchError('validation', `${path} is a subscription.`))
  }
  const body = failureToBody(error, input)
  if (body.code !== 'internal' || body.hint !== null) return body
  return { ...body, hint: 'dispatch daemon logs' }
}

/** The number that tRPC has for an error. */
export const failureCode = (error: TRPCError): number => TRPC_ERROR_CODES_BY_KEY[error.code]
