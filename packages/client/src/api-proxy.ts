// The object behind the typed face: a path is gathered name by name, and called. Which names there
// are, only the types know; a name that is none is refused by the daemon.
import type { Callable } from './calls.ts'
import { isReading } from './reading-ops.ts'

const makeNode = (client: Callable, path: string): unknown => {
  const method = (input: unknown = {}, options?: object): unknown =>
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

/** Makes the object; which type of face it has, its maker says. */
export const makeApi = (client: Callable): unknown => makeNode(client, '')
