// The id of a home: stands in the environment of every lane's shell, so that what a killed
// app-server leaves behind can be told.
import { randomUUID } from 'node:crypto'
import type { Store } from '@dispatch/store'

const KEY = 'home.id'

/** The home's id, made at first. */
export const homeIdOf = (store: Store): string => {
  const known = store.runtime.get(KEY)
  if (typeof known === 'string') return known
  const id = randomUUID()
  store.durable(() => store.runtime.set(KEY, id))
  return id
}
