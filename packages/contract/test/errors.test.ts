// The error taxonomy and the one way from anything thrown to what a surface prints.
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ErrorBodySchema } from '../src/error-body.ts'
import {
  bodyToError,
  DispatchError,
  type ErrorBody,
  type ErrorCode,
  errorCodes,
  errorToBody,
  toDispatchError,
} from '../src/errors.ts'
import { failureToBody } from '../src/procedure.ts'
import { appRouter } from '../src/router.ts'
import { aCall, makeRecordingPort } from './recording-port.ts'

/** The table that people and scripts rely on: exit status, and whether to try again. */
const table: Record<ErrorCode, [exit: number, retryable: boolean]> = {
  internal: [1, false],
  validation: [2, false],
  usage: [2, false],
  timeout: [3, true],
  not_found: [4, false],
  lane_busy: [5, true],
  approval_required: [6, true],
  authority: [7, false],
  app_server: [8, true],
  daemon_unreachable: [8, true],
  conflict: [9, false],
  turn_failed: [10, false],
}

const codes = Object.keys(table) as ErrorCode[]

describe('the taxonomy', () => {
  it('is complete', () => {
    const authored = Object.entries(errorCodes).map(([code, { exit, retryable }]) => [
      code,
      [exit, retryable],
    ])
    expect(Object.fromEntries(authored)).toEqual(table)
  })

  it('travels: an error becomes a body and the same error again', () => {
    const errors = fc.record({
      code: fc.constantFrom(...codes),
      message: fc.string({ minLength: 1 }),
      hint: fc.option(fc.string({ minLength: 1 })),
      details: fc.option(fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true })),
      retryable: fc.option(fc.boolean()),
    })
    fc.assert(
      fc.property(errors, ({ code, message, hint, details, retryable }) => {
        const body = errorToBody(
          new DispatchError(code, message, {
            ...(hint === null ? {} : { hint }),
            ...(details === null ? {} : { details }),
            ...(retryable === null ? {} : { retryable }),
          }),
        )
        expect(ErrorBodySchema.parse(body)).toEqual(body)
        expect(body.retryable).toBe(retryable ?? errorCodes[code].retryable)
        const wire = JSON.parse(JSON.stringify(body)) as ErrorBody
        expect(errorToBody(bodyToError(wire))).toEqual(body)
      }),
      {
        // Random keys come to this one too rarely to be found by every run.
        examples: [
          [
            {
              code: 'internal',
              message: ' ',
              hint: null,
              details: JSON.parse('{"__proto__":""}') as Record<string, string>,
              retryable: null,
            },
          ],
        ],
      },
    )
  })

  it('leaves a key __proto__ out of the details, whichever way they come', () => {
    const details = JSON.parse('{"__proto__":{"x":1},"kept":{"__proto__":2}}') as object
    const error = new DispatchError('internal', 'm', { details: { ...details } })
    const body = errorToBody(error)
    expect(Object.entries(body.details ?? {})).toEqual([['kept', JSON.parse('{"__proto__":2}')]])
    expect(JSON.stringify(ErrorBodySchema.parse(body))).toBe(JSON.stringify(body))
    const foreign = JSON.parse('{"code":"internal","details":{"__proto__":{"x":1}}}') as unknown
    expect(bodyToError(foreign).details).toEqual({})
    expect(Object.getPrototypeOf(bodyToError(foreign).details)).toBe(Object.prototype)
  })

  it.each([undefined, null, 'no', {}, { code: 'toString' }, { code: 'nope' }])(
    'takes %j for a body without a code: internal',
    (body) => {
      expect(bodyToError(body)).toMatchObject({ code: 'internal' })
    },
  )

  it('takes what is thrown for what it is', () => {
    const known = new DispatchError('conflict', 'taken')
    expect(toDispatchError(known)).toBe(known)
    const fault = new TypeError('broken')
    expect(toDispatchError(fault)).toMatchObject({ code: 'internal', cause: fault })
    expect(toDispatchError('text')).toMatchObject({ code: 'internal', message: 'text' })
  })
})

describe('failureToBody', () => {
  it('makes validation of zod issues, with the path of each', () => {
    const { error } = z.strictObject({ lane: z.string() }).safeParse({ lane: 7, more: 1 })
    const body = failureToBody({ code: 'BAD_REQUEST', message: 'raw', cause: error })
    expect(body).toMatchObject({ code: 'validation', retryable: false })
    expect(body.message).toContain('lane')
    expect(body.details?.['issues']).toEqual([
      { code: 'invalid_type', path: ['lane'], message: expect.any(String) as string },
      { code: 'unrecognized_keys', path: ['more'], message: expect.any(String) as string },
    ])
  })

  it('makes validation of a request that tRPC refused itself', () => {
    expect(failureToBody({ code: 'BAD_REQUEST', message: 'no JSON' })).toMatchObject({
      code: 'validation',
      message: 'no JSON',
    })
  })

  it('sends a path that the daemon does not know to a restart', () => {
    expect(failureToBody({ code: 'NOT_FOUND', message: 'No procedure "x"' })).toMatchObject({
      code: 'daemon_unreachable',
      hint: 'dispatch restart',
    })
  })

  it('hands a refusal through and makes the rest internal', () => {
    const refusal = new DispatchError('lane_busy', 'busy', { hint: 'dispatch wait' })
    expect(failureToBody({ code: 'INTERNAL_SERVER_ERROR', message: '', cause: refusal })).toEqual(
      errorToBody(refusal),
    )
    const fault = { code: 'INTERNAL_SERVER_ERROR', message: 'boom', cause: new Error('boom') }
    expect(failureToBody(fault)).toMatchObject({ code: 'internal', message: 'boom', details: null })
  })
})

describe('on the wire', () => {
  const ask = async (path: string, input: unknown, answer: () => unknown) => {
    const url = `http://dispatch/${path}?input=${encodeURIComponent(JSON.stringify(input))}`
    const response = await fetchRequestHandler({
      endpoint: '/',
      req: new Request(url),
      router: appRouter,
      createContext: () => ({ ...makeRecordingPort(answer), call: aCall() }),
    })
    return { text: await response.clone().text(), ...((await response.json()) as object) }
  }

  const boom = () => {
    throw new Error('boom')
  }

  it.each([
    ['list', {}, boom, 'internal'],
    ['list', { limit: 0 }, boom, 'validation'],
    ['nowhere', {}, boom, 'daemon_unreachable'],
    // What the daemon answers is checked too: an answer out of shape is a bug of the daemon.
    ['list', {}, () => ({ lanes: 'none' }), 'internal'],
  ] as const)('%s %j: a body, and no stack', async (path, input, answer, code) => {
    const { text, ...rest } = await ask(path, input, answer)
    const { error } = rest as unknown as { error: { data: ErrorBody } }
    expect(ErrorBodySchema.parse(error.data)).toEqual(error.data)
    expect(error.data.code).toBe(code)
    expect(text).not.toMatch(/stack|\.ts:\d+|node_modules/)
  })
})
