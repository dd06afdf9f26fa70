// How a lane is called: title and handle from its bare name. Pure.

/** A thread's name in Codex. */
export const nameToTitle = (name: string): string => name

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
