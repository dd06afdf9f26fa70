// How a lane is called: bare name, title and handle. Pure.

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

/** The handle of a bare name: blanks become hyphens, so that it can be typed. */
export const nameToHandle = (name: string): string =>
  `@${name.trim().replace(/^@+/, '').replace(/\s+/g, '-')}`

/** The handle itself, or with the first number from 2 that makes it free. */
export const freeHandle = (handle: string, isTaken: (handle: string) => boolean): string => {
  if (!isTaken(handle)) return handle
  for (let number = 2; ; number += 1) {
    const candidate = `${handle}-${number}`
    if (!isTaken(candidate)) return candidate
  }
}

const NAME_MAX = 40

/** A name made of the first line of a text, shortened to whole words. */
export const textToName = (text: string): string => {
  const [line = ''] = text.trim().split('\n')
  const [first = '', ...more] = bare(line.replace(/\p{Cc}+/gu, ' ')).split(/\s+/)
  let name = Array.from(first).slice(0, NAME_MAX).join('')
  for (const word of more) {
    if (name.length + 1 + word.length > NAME_MAX) break
    name = `${name} ${word}`
  }
  return name.replace(/[\p{P}\s]+$/u, '') || 'run'
}
