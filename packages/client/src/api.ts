// The typed face of the client: methods with the names, inputs and answers of the contract's router,
// which is a type here and nothing at run time. An op whose name ends in Follow is a subscription; the
// compiler holds the contract to that (see the end of this file).
import type { AppRouter, LocalServices } from '@dispatch/contract'
import type { CallOptions, SubscribeOptions } from './calls.ts'
import type { TrackedEvent } from './tracked-event.ts'

type Procedure = {
  _def: { type: string; procedure: true; $types: { input: unknown; output: unknown } }
}

// A procedure's type says of each event that it comes as it is or as tRPC tracks it, which is an object of
// these two fields; our client gives the event itself.
type WithoutTracking<E> = E extends unknown ? (keyof E extends 'id' | 'data' ? never : E) : never

type EventOf<Stream> = Stream extends AsyncIterable<infer E> ? WithoutTracking<E> : never

type Input<P> = P extends { _def: { $types: { input: infer I } } } ? I : never
type Output<P> = P extends { _def: { $types: { output: infer O } } } ? O : never

// An object without fields has an index signature in place of keys.
type MayBeLeftOut<I> = string extends keyof I ? true : Partial<I> extends I ? true : false

/** The arguments of a method; an input without required fields may be left out. */
type Arguments<I, Options> =
  MayBeLeftOut<I> extends true ? [input?: I, options?: Options] : [input: I, options?: Options]

type Method<P extends Procedure> = P['_def']['type'] extends 'subscription'
  ? (
      ...given: Arguments<Input<P>, SubscribeOptions>
    ) => AsyncIterableIterator<TrackedEvent<EventOf<Output<P>>>>
  : (...given: Arguments<Input<P>, CallOptions>) => Promise<Output<P>>

type Ops = AppRouter['_def']['record']

/** The paths of procedures below `Ops`, dotted. */
type PathsOf<Ops, Prefix extends string = ''> = {
  [Name in keyof Ops & string]: Ops[Name] extends Procedure
    ? `${Prefix}${Name}`
    : PathsOf<Ops[Name], `${Prefix}${Name}.`>
}[keyof Ops & string]

type MethodPathsOf<Services, Prefix extends string = ''> = {
  [Name in keyof Services & string]: Services[Name] extends (...given: never[]) => unknown
    ? `${Prefix}${Name}`
    : MethodPathsOf<Services[Name], `${Prefix}${Name}.`>
}[keyof Services & string]

/** The ops that a surface carries out itself: the daemon refuses them. */
export type LocalPath = MethodPathsOf<LocalServices>

type ApiOf<Ops, Absent extends string, Prefix extends string = ''> = {
  [
    Name in keyof Ops & string as PathsOf<Pick<Ops, Name>, Prefix> extends Absent ? never : Name
  ]: Ops[Name] extends Procedure ? Method<Ops[Name]> : ApiOf<Ops[Name], Absent, `${Prefix}${Name}.`>
}

/** The ops of the contract as methods, without those of these paths. */
export type ApiWithout<Absent extends string> = ApiOf<Ops, Absent>

/** Every op that the daemon serves, as a method. */
export type Api = ApiWithout<LocalPath>

type OpAt<Ops, Path extends string> = Path extends `${infer Group}.${infer Rest}`
  ? Group extends keyof Ops
    ? OpAt<Ops[Group], Rest>
    : never
  : Path extends keyof Ops
    ? Ops[Path]
    : never

/** The path of an op: `list`, `queue.list`. */
export type OpPath = PathsOf<Ops>

/** What an op takes: `OpInput<'send'>`. */
export type OpInput<Path extends OpPath> = Input<OpAt<Ops, Path>>

/** What an op answers, of a subscription the data of an event: `OpOutput<'get'>`. */
export type OpOutput<Path extends OpPath> =
  Output<OpAt<Ops, Path>> extends AsyncIterable<unknown>
    ? EventOf<Output<OpAt<Ops, Path>>>
    : Output<OpAt<Ops, Path>>

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
