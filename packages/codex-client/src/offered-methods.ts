// Which methods a server has, against those that this client may call. A server names all of its
// methods in the error that an unknown one gets; it has no method that lists them.
import type { CodexClient } from './client.ts'
import { CodexProtocolError, CodexRpcError } from './errors.ts'
import type { CodexMethod } from './methods.ts'

/** What a missing method takes away: everything, or the ops that are made of it. */
export type MethodNeed = 'needed' | 'optional'

/** Every method that may be called. The compiler keeps it whole. */
export const METHOD_NEEDS: Readonly<Record<CodexMethod, MethodNeed>> = {
  initialize: 'needed',
  'server/diagnostics': 'needed',
  'account/read': 'optional',
  'config/read': 'optional',
  'model/list': 'optional',
  'thread/start': 'needed',
  'thread/resume': 'needed',
  'thread/fork': 'optional',
  'thread/read': 'needed',
  'thread/list': 'optional',
  'thread/loaded/list': 'optional',
  'thread/search': 'optional',
  'thread/searchOccurrences': 'optional',
  'thread/turns/list': 'needed',
  'thread/items/list': 'needed',
  'thread/name/set': 'needed',
  'thread/metadata/update': 'optional',
  'thread/settings/update': 'optional',
  'thread/inject_items': 'optional',
  'thread/goal/get': 'optional',
  'thread/goal/set': 'optional',
  'thread/goal/clear': 'optional',
  'thread/backgroundTerminals/list': 'optional',
  'thread/backgroundTerminals/clean': 'optional',
  'thread/compact/start': 'optional',
  'thread/revert': 'optional',
  'thread/archive': 'needed',
  'thread/unarchive': 'needed',
  'thread/unsubscribe': 'needed',
  'thread/delete': 'optional',
  'turn/start': 'needed',
  'turn/steer': 'optional',
  'turn/interrupt': 'needed',
}

const NO_METHOD = 'dispatch/none'

/** The names in the error of an unknown method; empty where it names none. */
export const errorToMethods = (message: string): string[] => {
  const [, listed = ''] = message.split('expected one of')
  return [...listed.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? [])
}

/** The methods that the server has. Throws {@link CodexProtocolError} where it does not say. */
export async function readOfferedMethods(client: CodexClient): Promise<string[]> {
  try {
    await client.request(NO_METHOD as CodexMethod, {})
  } catch (error) {
    if (!(error instanceof CodexRpcError)) throw error
    const methods = errorToMethods(error.message)
    if (methods.length > 0) return methods
  }
  throw new CodexProtocolError('the server does not say which methods it has')
}

/** The methods of ours that are not among the offered ones, by what they take away. */
export const missingMethods = (offered: readonly string[]): Record<MethodNeed, CodexMethod[]> => {
  const has = new Set(offered)
  const missing = (Object.keys(METHOD_NEEDS) as CodexMethod[]).filter((name) => !has.has(name))
  return {
    needed: missing.filter((name) => METHOD_NEEDS[name] === 'needed'),
    optional: missing.filter((name) => METHOD_NEEDS[name] === 'optional'),
  }
}
