// How a lane is called: bare name, title and handle. Pure.
import { withoutInvisible } from '@dispatch/contract'

const bare = (name: string): string => name.trim().replace(/^@+/, '').trim()

// "[repo]docs" has its prefix, but of "re" and "report" nobody would say so.
const endsOfItself = (prefix: string, rest: string): boolean =>
  rest === '' || /^\s/.test(rest) || !/[\p{L}\p{N}]$/u.test(prefix)

/** A name without the prefix that it may have been given with. */
export const nameToBare = (name: string, prefix: string): string => {
  const whole = name.trim()
  const rest = whole.slice(prefix.length)
  const isPrefixed = prefix !== '' && whole.startsWith(prefix) && endsOfItself(prefix, rest)
  return bare(isPrefixed ? rest : whole) || whole
}

/** A thread's name in Codex: the prefix and the name, which may have it already. */
export const nameToTitle = (name: string, prefix: string): string => {
  const rest = nameToBare(name, prefix)
  return prefix === '' || rest === prefix ? rest : `${prefix} ${rest}`
}

/** The prefix of a title, as it was put before the bare name; empty where there is none. */
export const titleToPrefix = (title: string, name: string): string =>
  title.endsWith(` ${name}`) ? title.slice(0, -name.length).trim() : ''

/** The handle of a bare name, as it is typed: blanks become hyphens, and what nobody sees is left out. */
export const nameToHandle = (name: string): string => {
  const seen = withoutInvisible(name.normalize('NFC')).trim().replace(/^@+/, '')
  return `@${seen.trim().replace(/\s+/g, '-') || 'lane'}`
}

/** The handle itself, or with the first number from 2 that makes it free. */
export const freeHandle = (handle: string, isTaken: (handle: string) => boolean): string => {
  if (!isTaken(handle)) return handle
  for (let number = 2; ; number += 1) {
    const candidate = `${handle}-${number}`
    if (!isTaken(candidate)) return candidate
  }
}

const NAME_MAX = 40

// What a shell takes as it is typed: letters, digits, and what may stand between them.
const lineToWords = (line: string): string[] =>
  withoutInvisible(line.normalize('NFC'))
    .replace(/['\u2019]/g, '')
    .split(/[^\p{L}\p{M}\p{N}._-]+/u)
    .map((word) => word.replace(/^[._-]+|[._-]+$/g, ''))
    .filter((word) => word !== '')

/** A name made of the words of the first line of a text, shortened to whole ones. */
export const textToName = (text: string): string => {
  const [line = ''] = text.trim().split('\n')
  const [first = '', ...more] = lineToWords(line)
  let name = Array.from(first).slice(0, NAME_MAX).join('')
  for (const word of more) {
    if (name.length + 1 + word.length > NAME_MAX) break
    name = `${name} ${word}`
  }
  return name || 'run'
}
