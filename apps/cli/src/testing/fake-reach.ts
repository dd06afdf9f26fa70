// Ways to reach ops that answer from a test, and note what was asked.
import { appRouter, describeRouter } from '@dispatch/contract'
import type { LocalServices, TraceResult } from '@dispatch/contract'
import type { Reach } from '../execute.ts'
import { manifestToTables } from '../generate/tables.ts'

/** The tables of the real contract. */
export const realTables = manifestToTables(describeRouter(appRouter), '1.2.3')

/** A call as it reached the daemon. */
export type Asked = { op: string; input: unknown }

type Answer = (asked: Asked, signal: AbortSignal) => unknown

/** A reach whose daemon gives `answer`; an async iterable is a stream. */
export const makeFakeReach = (answer: Answer, local: object = {}): Reach & { asked: Asked[] } => {
  const asked: Asked[] = []
  const ask = (op: string, input: unknown, signal: AbortSignal): unknown => {
    asked.push({ op, input })
    return answer({ op, input }, signal)
  }
  return {
    asked,
    remote: async () => ({
      call: async (form, input, signal) => ask(form.op, input, signal),
      trace: async (op, signal) => ask(op, {}, signal) as TraceResult,
      stream: (form, input, signal) => ask(form.op, input, signal) as AsyncIterable<unknown>,
      [Symbol.asyncDispose]: async () => undefined,
    }),
    local: async () => local as LocalServices,
  }
}
