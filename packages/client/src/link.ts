// A link for programs that use @trpc/client: an adapter over our client, nothing more.
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { AppRouter } from '@dispatch/contract'
import { errorToBody, toDispatchError } from '@dispatch/contract/errors'
import type { Callable } from './calls.ts'

/** The router's type, for `createTRPCClient`. */
export type { AppRouter } from '@dispatch/contract'

type LinkError = TRPCClientError<AppRouter>

const toLinkError = (thrown: unknown): LinkError => {
  const error = toDispatchError(thrown)
  const result = { error: { code: -32603, message: error.message, data: errorToBody(error) } }
  return TRPCClientError.from<AppRouter>(result, { cause: error })
}

/** A terminating link over a client: `createTRPCClient<AppRouter>({ links: [dispatchLink(client)] })`. The `cause` of its errors is the `DispatchError`. */
export const dispatchLink =
  (client: Callable): TRPCLink<AppRouter> =>
  () =>
  ({ op }) =>
    observable((observer) => {
      const leaving = new AbortController()
      const signal = op.signal ? AbortSignal.any([op.signal, leaving.signal]) : leaving.signal

      const follow = async (): Promise<void> => {
        observer.next({ result: { type: 'started' } })
        for await (const { cursor, data } of client.subscribe(op.path, op.input, { signal })) {
          // tRPC hands a tracked event on as cursor and data.
          const event = cursor === null ? { data } : { id: cursor, data: { id: cursor, data } }
          observer.next({ result: { type: 'data', ...event } })
        }
        observer.next({ result: { type: 'stopped' } })
      }
      const call = async (kind: 'query' | 'mutation'): Promise<void> => {
        const data = await client.call(op.path, kind, op.input, { signal })
        observer.next({ result: { type: 'data', data } })
      }
      const run = op.type === 'subscription' ? follow() : call(op.type)
      run.then(
        () => observer.complete(),
        (error: unknown) => {
          if (!leaving.signal.aborted) observer.error(toLinkError(error))
        },
      )
      return () => leaving.abort()
    })
