// Finds the trigger that a person names: by id, by the beginning of one, by name; and keeps names such
// that each names one.
import { DispatchError, isLikeId } from '@dispatch/contract'
import type { Store, TriggerRow } from '@dispatch/store'
import { ambiguousError, byShortId, shortIdToAdvice, type ShortIds } from '../short-id.ts'

/** Names were not kept apart at first: a registry may have several of one name. */
const NAMESAKES_MAX = 10

const idsOf = ({ triggers }: Store): ShortIds<TriggerRow> => ({
  what: 'trigger',
  exact: (id) => triggers.get(id),
  begins: (prefix, limit) => triggers.byIdPrefix(prefix, limit),
  about: ({ id, name, state }) => ({ id, name, state }),
  list: 'dispatch trigger list',
})

/** The trigger; throws `not_found`, or `validation` with the candidates. */
export const triggerOf = (store: Store, selector: string): TriggerRow => {
  const ids = idsOf(store)
  const found = byShortId(selector, ids)
  if (found) return found
  const rows = store.triggers.byName(selector.trim().normalize('NFC'), NAMESAKES_MAX)
  const [row, ...others] = rows
  if (row && others.length === 0) return row
  if (row) throw ambiguousError(selector, rows, ids)
  throw new DispatchError(
    'not_found',
    `There is no trigger "${selector}"${shortIdToAdvice(selector)}.`,
    {
      hint: 'dispatch trigger list',
    },
  )
}

/** Throws where a trigger called so could not be named by it: `conflict` where another one has the name. */
export const requireFreeName = (store: Store, name: string): void => {
  if (isLikeId(name)) {
    throw new DispatchError('validation', `"${name}" looks like the id of a trigger.`, {
      hint: 'Give it a name with another letter than a to f.',
    })
  }
  const [owner] = store.triggers.byName(name, 1)
  if (!owner) return
  throw new DispatchError('conflict', `There is a trigger "${name}" already.`, {
    hint: `Choose another name, or change that one: dispatch trigger edit ${owner.id}`,
    details: { taken: { id: owner.id, name, state: owner.state } },
  })
}
