// What a text is rendered for: its width, whether colours show, and the time that "3 m ago" is from.

/** The screen that a text is made for. */
export type Screen = {
  columns: number
  color: boolean
  now: number
  /** Whether it is a regular file: nothing acts on that. A pipe may end at a terminal. */
  isFile: boolean
}

type Style = 'bold' | 'dim' | 'inverse' | 'red' | 'green' | 'yellow' | 'cyan'

const codes: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  inverse: [7, 27],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

/** A text in a style, where the screen has colours. */
export const paint = (screen: Screen, style: Style, text: string): string => {
  if (!screen.color || text === '') return text
  const [on, off] = codes[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

const tones: Record<string, Style> = {
  ...Object.fromEntries(
    ['idle', 'completed', 'accepted', 'ready', 'ok', 'running'].map((w) => [w, 'green']),
  ),
  ...Object.fromEntries(
    ['busy', 'started', 'submitting', 'queued', 'starting', 'warn'].map((w) => [w, 'yellow']),
  ),
  ...Object.fromEntries(
    ['error', 'fail', 'failed', 'interrupted', 'ambiguous', 'degraded', 'disabled'].map((w) => [
      w,
      'red',
    ]),
  ),
  ...Object.fromEntries(['waiting_approval', 'approval', 'pending'].map((w) => [w, 'cyan'])),
}

/** A word of a state in the colour that it has everywhere; other words as they are. */
export const paintState = (screen: Screen, word: string, padded = word): string => {
  const tone = Object.hasOwn(tones, word) ? tones[word] : undefined
  return tone ? paint(screen, tone, padded) : padded
}
