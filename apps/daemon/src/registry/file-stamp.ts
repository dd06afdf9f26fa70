// Names of copies: when they were made, and a number where that is taken.

/** `20261120-234722`, in UTC. */
export const instantToStamp = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')

/** The path, or the first of `path-2`, `path-3`, ... that is free. */
export const stampToFree = (path: string, taken: (path: string) => boolean): string => {
  if (!taken(path)) return path
  let number = 2
  while (taken(`${path}-${number}`)) number += 1
  return `${path}-${number}`
}
