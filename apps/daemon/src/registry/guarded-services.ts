// The services as the port offers them: whatever the store throws leaves as an error of the contract.
import type { Call } from '@dispatch/contract'
import { registryFailureToError } from './registry-failure.ts'

type Method = (input: never, call: Call) => unknown
type Tree = { [name: string]: Method | Tree }

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

async function* guardedStream(events: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    yield* events
  } catch (error) {
    throw registryFailureToError(error)
  }
}

const guardedMethod =
  (method: Method): Method =>
  (input, call) => {
    try {
      const answer = method(input, call)
      if (isAsyncIterable(answer)) return guardedStream(answer)
      if (!(answer instanceof Promise)) return answer
      return answer.catch((error: unknown) => {
        throw registryFailureToError(error)
      })
    } catch (error) {
      throw registryFailureToError(error)
    }
  }

const guardedTree = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([name, entry]) => [
      name,
      typeof entry === 'function' ? guardedMethod(entry) : guardedTree(entry),
    ]),
  )

/** The same services, with the store's errors turned into ours. */
export const guardServices = <Services extends object>(services: Services): Services =>
  guardedTree(services as Tree) as Services
