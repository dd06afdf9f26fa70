// Makes control characters visible: what a model, a title or a file says never acts on the terminal.
// Covered are C0, DEL, C1 (8-bit escape sequences) and the characters that reorder text.

// Every control character but line end and tab, and what reorders or hides text.
const hostile = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

const show = (character: string): string => {
  const code = character.charCodeAt(0)
  // The pictures of U+2400 are made for this.
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** Text of many lines; line ends and tabs stay. */
export const visible = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(hostile, show)

/** Text in one line: runs of white space become one blank. */
export const visibleLine = (text: string): string => visible(text.trim().replace(/\s+/g, ' '))
