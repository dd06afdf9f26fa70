// The types of items that `tail` may be asked for. What a history holds of a Codex that is newer than
// this list is known, too.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { itemTypesOf } from '../codex/translate-item.ts'
import { nearestOf } from '../config/nearest.ts'

/** Throws `validation` for a type that no item has. */
export const checkItemTypes = (
  store: Pick<Store, 'items'>,
  lane: Pick<LaneRow, 'threadId' | 'ref'>,
  types: readonly string[] = [],
): void => {
  const itemTypes = itemTypesOf()
  const isSeen = (type: string): boolean =>
    store.items.list(lane.threadId, { limit: 1, types: [type], beforeOrdinal: null }).length > 0
  const unknown = types.find((type) => !itemTypes.includes(type) && !isSeen(type))
  if (unknown === undefined) return
  const nearest = nearestOf(unknown, itemTypes)
  throw new DispatchError('validation', `There are no items of the type "${unknown}".`, {
    hint:
      nearest === null
        ? `The types are ${itemTypes.join(', ')}.`
        : `dispatch tail ${lane.ref} --type ${nearest}`,
    details: { type: unknown, known: [...itemTypes], nearest },
  })
}
