// Finds the trigger that a person names: by id, by the beginning of one, by name.
import { DispatchError } from '@dispatch/contract'
import type { Store, TriggerRow } from '@dispatch/store'

/** Fewer characters of an id are only a clock. */
const PREFIX_MIN = 8
const CANDIDATES_MAX = 10

const ambiguous = (selector: string, rows: readonly TriggerRow[]): DispatchError =>
  new DispatchError('validation', `"${selector}" names more than one trigger.`, {
    hint: 'dispatch trigger list, then use an id',
    details: { selector, candidates: rows.map(({ id, name }) => ({ id, name })) },
  })

/** The trigger; throws `not_found`, or `validation` with the candidates. */
export const triggerOf = (store: Store, selector: string): TriggerRow => {
  const exact = store.triggers.get(selector)
  if (exact) return exact
  const prefixed =
    selector.length >= PREFIX_MIN ? store.triggers.byIdPrefix(selector, CANDIDATES_MAX) : []
  const rows = prefixed.length > 0 ? prefixed : store.triggers.byName(selector, CANDIDATES_MAX)
  const [row, ...others] = rows
  if (row && others.length === 0) return row
  if (row) throw ambiguous(selector, rows)
  throw new DispatchError('not_found', `There is no trigger "${selector}".`, {
    hint: 'dispatch trigger list',
  })
}
