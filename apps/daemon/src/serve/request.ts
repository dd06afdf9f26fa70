// A line of a connection as what it asks for. What it asks of an op is the contract's to check.

/** A call as it came. */
export type Request = {
  id: number
  method: 'query' | 'mutation' | 'subscription'
  path: string
  input: unknown
  callId: string | null
  after: string | null
}

/** What a line is. `id` of a bad one is the call's, where it could be read. */
export type Line =
  | { kind: 'hello'; hello: unknown }
  | { kind: 'cancel'; id: number }
  | { kind: 'request'; request: Request }
  | { kind: 'bad'; id: number | null; why: string }

type Fields = Partial<Record<string, unknown>>

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const METHODS: ReadonlySet<unknown> = new Set(['query', 'mutation', 'subscription'])

const bad = (id: number | null, why: string): Line => ({ kind: 'bad', id, why })

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isTextOrAbsent = (value: unknown, max: number): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= max)

const parseRequest = (id: number, method: Request['method'], params: Fields): Line => {
  const { path, input = {}, callId, lastEventId } = params
  if (typeof path !== 'string' || path.length > 200) return bad(id, 'params.path must be a path')
  if (!isTextOrAbsent(callId, 36) || (callId !== undefined && !UUID_V7.test(callId))) {
    return bad(id, 'params.callId must be a UUIDv7 in lower case')
  }
  if (!isTextOrAbsent(lastEventId, 100)) return bad(id, 'params.lastEventId must be a cursor')
  const request = { id, method, path, input, callId: callId ?? null, after: lastEventId ?? null }
  return { kind: 'request', request }
}

/** Reads a line; never throws. */
export const parseLine = (text: string): Line => {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    return bad(null, 'the line is no JSON')
  }
  if (!isRecord(line)) return bad(null, 'the line is no object')
  if ('hello' in line) return { kind: 'hello', hello: line['hello'] }
  const { id, method, params } = line
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
    return bad(null, 'id must be a whole number')
  }
  if (method === 'cancel') return { kind: 'cancel', id }
  if (!METHODS.has(method)) return bad(id, 'method must be query, mutation, subscription or cancel')
  if (!isRecord(params)) return bad(id, 'params must be an object')
  return parseRequest(id, method as Request['method'], params)
}
