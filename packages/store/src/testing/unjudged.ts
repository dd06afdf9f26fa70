// A delivery that nobody can judge, as a crash at the wrong moment leaves it.
import type { Store } from '../store.ts'

/** Makes one on the lane that was written to last; gives its id. */
export const makeUnjudged = (store: Store): string => {
  const [last] = store.deliveries.list({ threadId: null, state: null, limit: 1, before: null })
  if (!last) throw new Error('there is no delivery')
  const id = `01990000-0000-7000-8000-${String(Math.trunc(last.createdAt)).padStart(12, '0')}`
  store.deliveries.insert({
    ...last,
    id,
    // One of a queue goes again where Codex never had it.
    mode: 'send',
    state: 'ambiguous',
    text: 'reply: lost',
    outcome: null,
    turnId: null,
    createdAt: last.createdAt + 1,
  })
  return id
}
