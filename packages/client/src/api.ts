// The typed face of the client: methods with the names, inputs and answers of the contract's router,
// which is a type here and nothing at run time. An op whose name ends in Follow is a subscription; the
// compiler holds the contract to that (see the end of this file).
import type { AppRouter } from '@dispatch/contract'
import type { TrackedEnvelope } from '@trpc/server'
import type { CallOptions, Client, SubscribeOptions } from './client.ts'
import type { TrackedEvent } from './connection.ts'
import { isReading } from './reading-ops.ts'

type Procedure = {
  _def: { type: string; procedure: true; $types: { input: unknown; output: unknown } }
}

type EventOf<Stream> =
  Stream extends AsyncIterable<infer E> ? (E extends TrackedEnvelope<infer Data> ? Data : E) : never

type Input<P> = P extends { _def: { $types: { input: infer I } } } ? I : never
type Output<P> = P extends { _def: { $types: { output: infer O } } } ? O : never

type Method<P extends Procedure> = P['_def']['type'] extends 'subscription'
  ? (
      input: Input<P>,
      options?: SubscribeOptions,
    ) => AsyncIterableIterator<TrackedEvent<EventOf<Output<P>>>>
  : (input: Input<P>, options?: CallOptions) => Promise<Output<P>>

type ApiOf<Ops> = {
  [Name in keyof Ops]: Ops[Name] extends Procedure ? Method<Ops[Name]> : ApiOf<Ops[Name]>
}

type Ops = AppRouter['_def']['record']

/** Every op of the contract as a method. */
export type Api = ApiOf<Ops>

const makeNode = (client: Client, path: string): unknown => {
  const method = (input: unknown, options?: object): unknown =>
    path.endsWith('Follow')
      ? client.subscribe(path, input, options)
      : client.call(path, isReading(path) ? 'query' : 'mutation', input, options)
  return new Proxy(method, {
    get: (_, name) =>
      // A node that is awaited by mistake must not look like a promise.
      typeof name === 'symbol' || name === 'then'
        ? undefined
        : makeNode(client, path === '' ? name : `${path}.${name}`),
  })
}

/** Makes the typed face of a client. */
export const makeApi = (client: Client): Api => makeNode(client, '') as Api

type Misnamed<Ops> = {
  [Name in keyof Ops & string]: Ops[Name] extends Procedure
    ? Ops[Name]['_def']['type'] extends 'subscription'
      ? Name extends `${string}Follow`
        ? never
        : Name
      : Name extends `${string}Follow`
        ? Name
        : never
    : Misnamed<Ops[Name]>
}[keyof Ops & string]

/** Never, as long as the subscriptions of the contract, and no other op, are named `...Follow`. */
export type MisnamedOps = Misnamed<Ops>
