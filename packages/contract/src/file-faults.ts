// Why a file cannot be read, in the words of a person. Only for what reading one throws: the same codes
// come of a program that cannot be started and of a socket, and mean something else there.

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
  ELOOP: 'its path goes round in links',
  ENAMETOOLONG: 'its path is too long',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
}

const reading = new Set(['open', 'read', 'stat', 'lstat', 'scandir', 'readlink', 'access'])

/** The code of what was thrown; empty where it has none. */
export const faultToCode = (thrown: unknown): string => {
  const { code } = (thrown ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Whether it was thrown by looking at a file or reading it. */
export const isFileFault = (thrown: unknown): boolean => {
  const { syscall } = (thrown ?? {}) as { syscall?: unknown }
  return typeof syscall === 'string' && reading.has(syscall)
}

/** Why a file cannot be read, in words; what the system said where they are none of ours. */
export const fileFaultToWords = (thrown: unknown): string => {
  const code = faultToCode(thrown)
  if (Object.hasOwn(reasons, code)) return `${reasons[code]}`
  return thrown instanceof Error ? thrown.message : String(thrown)
}
