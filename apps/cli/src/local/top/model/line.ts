// A line that is being typed: its text and where the cursor stands, in whole characters as people see
// them. Pure.

/** A line; `before` is left of the cursor. */
export type Line = { before: string; after: string }

/** Nothing typed yet. */
export const emptyLine: Line = { before: '', after: '' }

/** What is typed. */
export const lineText = ({ before, after }: Line): string => before + after

const segmenter = new Intl.Segmenter()

// A long line is looked at from its cursor only.
const lastCharacter = (text: string): string =>
  [...segmenter.segment(text.slice(-64))].at(-1)?.segment ?? ''

const firstCharacter = (text: string): string =>
  [...segmenter.segment(text.slice(0, 64))].at(0)?.segment ?? ''

/** The keys that move in a line or take from it, by their names. */
const edits: Record<string, (line: Line) => Line> = {
  left: ({ before, after }) => {
    const moved = lastCharacter(before)
    return { before: before.slice(0, before.length - moved.length), after: moved + after }
  },
  right: ({ before, after }) => {
    const moved = firstCharacter(after)
    return { before: before + moved, after: after.slice(moved.length) }
  },
  home: (line) => ({ before: '', after: lineText(line) }),
  end: (line) => ({ before: lineText(line), after: '' }),
  backspace: ({ before, after }) => ({
    before: before.slice(0, before.length - lastCharacter(before).length),
    after,
  }),
  delete: ({ before, after }) => ({ before, after: after.slice(firstCharacter(after).length) }),
  'ctrl+u': ({ after }) => ({ before: '', after }),
  'ctrl+k': ({ before }) => ({ before, after: '' }),
  'ctrl+w': ({ before, after }) => ({ before: before.replace(/\S*\s*$/, ''), after }),
}

const synonyms: Record<string, string> = {
  'ctrl+a': 'home',
  'ctrl+e': 'end',
  'ctrl+h': 'backspace',
}

/** The line after that key; null where the key means nothing to it. */
export const editLine = (line: Line, key: string): Line | null => {
  const name = Object.hasOwn(synonyms, key) ? (synonyms[key] ?? key) : key
  return Object.hasOwn(edits, name) ? (edits[name]?.(line) ?? null) : null
}

/** The line with a text typed, or pasted, at the cursor. */
export const typeInto = ({ before, after }: Line, text: string): Line => ({
  before: before + text.replaceAll('\r\n', '\n').replaceAll('\r', '\n'),
  after,
})
