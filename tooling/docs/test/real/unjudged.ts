// A delivery that nobody can judge, as a crash at the wrong moment leaves it.
import { join } from 'node:path'
import { openStore } from '@dispatch/store'

/** Makes one on the lane that was written to last; gives its id. */
export const makeUnjudged = (home: string): string => {
  using store = openStore({ file: join(home, 'registry.db') })
  const [last] = store.deliveries.list({ threadId: null, state: null, limit: 1, before: null })
  if (!last) throw new Error('there is no delivery')
  const id = `01990000-0000-7000-8000-${String(Math.trunc(last.createdAt)).padStart(12, '0')}`
  store.deliveries.insert({
    ...last,
    id,
    mode: 'send',
    state: 'ambiguous',
    text: 'reply: lost',
    outcome: null,
    turnId: null,
    createdAt: last.createdAt + 1,
  })
  return id
}
