// The ops that only read: who uses the typed face cannot say of a call whether it may write, and the
// router is a type here. The compiler holds the list to the contract.
import type { AppRouter } from '@dispatch/contract'

type Procedure = { _def: { type: string; procedure: true } }

type PathsOf<Ops, Prefix extends string> = {
  [Name in keyof Ops & string]: Ops[Name] extends Procedure
    ? Ops[Name]['_def']['type'] extends 'query'
      ? `${Prefix}${Name}`
      : never
    : PathsOf<Ops[Name], `${Prefix}${Name}.`>
}[keyof Ops & string]

type ReadingOp = PathsOf<AppRouter['_def']['record'], ''>

const readingOps: Record<ReadingOp, true> = {
  completion: true,
  'config.show': true,
  'daemon.log': true,
  'daemon.logs': true,
  'daemon.shutdownPlan': true,
  'daemon.status': true,
  'delivery.get': true,
  'delivery.list': true,
  detachPlan: true,
  doctor: true,
  get: true,
  'goal.status': true,
  lanesBeginning: true,
  last: true,
  list: true,
  listUnmanaged: true,
  models: true,
  'queue.get': true,
  'queue.list': true,
  'registry.verify': true,
  'request.get': true,
  'request.list': true,
  schema: true,
  'service.status': true,
  search: true,
  'skills.path': true,
  query: true,
  tail: true,
  trace: true,
  'trigger.get': true,
  'trigger.list': true,
  'trigger.next': true,
  'trigger.runs': true,
  wait: true,
  watch: true,
}

/** Whether an op only reads, so that it may be made again without a thought. */
export const isReading = (path: string): boolean => Object.hasOwn(readingOps, path)
