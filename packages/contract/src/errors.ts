// The error taxonomy: every surface projects these codes and no other. Free of zod and tRPC, so
// that the shipped client and CLI can load it at no cost.

/** One row a code: the CLI's exit status and whether the same call may succeed later. */
export const errorCodes = {
  internal: { exit: 1, retryable: false },
  validation: { exit: 2, retryable: false },
  usage: { exit: 2, retryable: false },
  timeout: { exit: 3, retryable: true },
  not_found: { exit: 4, retryable: false },
  lane_busy: { exit: 5, retryable: true },
  approval_required: { exit: 6, retryable: true },
  authority: { exit: 7, retryable: false },
  app_server: { exit: 8, retryable: true },
  daemon_unreachable: { exit: 8, retryable: true },
  conflict: { exit: 9, retryable: false },
  turn_failed: { exit: 10, retryable: false },
} as const satisfies Record<string, { exit: number; retryable: boolean }>

/** A code of the taxonomy. */
export type ErrorCode = keyof typeof errorCodes

/** Structured context of an error: plain JSON. */
export type ErrorDetails = Record<string, unknown>

/** An error as it travels: on the wire, on the CLI's stderr, in an MCP tool result. */
export type ErrorBody = {
  code: ErrorCode
  message: string
  /** The command or the change that helps; null where there is none. */
  hint: string | null
  retryable: boolean
  details: ErrorDetails | null
}

// No name of ours: schemas leave it out of what they parse, and whoever copies by assignment would
// replace a prototype. Left out here, an error is the same whichever way it travels.
const withoutPrototype = (details: ErrorDetails): ErrorDetails =>
  Object.hasOwn(details, '__proto__')
    ? Object.fromEntries(Object.entries(details).filter(([name]) => name !== '__proto__'))
    : details

type DispatchErrorOptions = {
  hint?: string
  details?: ErrorDetails
  cause?: unknown
  /** Where it differs from what the code says. */
  retryable?: boolean
}

/** The only error that crosses the port: a code, a sentence, a hint and structured details. */
export class DispatchError extends Error {
  readonly code: ErrorCode
  readonly hint: string | null
  readonly details: ErrorDetails | null
  /** Whether the same call may succeed later, and may be made again. */
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, options: DispatchErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DispatchError'
    this.code = code
    this.hint = options.hint ?? null
    this.details = options.details ? withoutPrototype(options.details) : null
    this.retryable = options.retryable ?? errorCodes[code].retryable
  }
}

/** Whether a string names a code of the taxonomy. */
export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorCodes, value)

/** Turns anything thrown into a DispatchError; what is not one already is a bug, `internal`. */
export const toDispatchError = (thrown: unknown): DispatchError => {
  if (thrown instanceof DispatchError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new DispatchError('internal', message, { cause: thrown })
}

/** Turns a DispatchError into wire data. */
export const errorToBody = (error: DispatchError): ErrorBody => ({
  code: error.code,
  message: error.message,
  hint: error.hint,
  retryable: error.retryable,
  details: error.details,
})

/** Turns wire data back into a DispatchError; anything that is no body is `internal`. */
export const bodyToError = (body: unknown): DispatchError => {
  const data = (typeof body === 'object' && body !== null ? body : {}) as Partial<ErrorBody>
  if (!isErrorCode(data.code)) {
    return new DispatchError('internal', 'The daemon answered with an error that has no code.', {
      details: { body },
    })
  }
  return new DispatchError(data.code, data.message ?? data.code, {
    ...(data.hint ? { hint: data.hint } : {}),
    ...(data.details ? { details: data.details } : {}),
    ...(typeof data.retryable === 'boolean' ? { retryable: data.retryable } : {}),
  })
}
