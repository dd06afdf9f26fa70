// What Ink says of a key, in the words of the keymap.
import type { Key } from 'ink'
import type { Input } from '../model/keys.ts'

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const

/** The key; null where it is none that is known here. */
export const inkToInput = (text: string, key: Key): Input | null => {
  if (key.tab) return { key: key.shift ? 'shift+tab' : 'tab' }
  const name = named.find(([flag]) => key[flag])?.[1]
  if (name !== undefined) return { key: name }
  if (key.ctrl) return text === '' ? null : { key: `ctrl+${text}` }
  if (key.meta || text === '') return null
  return { typed: text }
}
