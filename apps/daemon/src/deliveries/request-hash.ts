// What a request asks for, as a hash: by it a call that is made again under its id, or its caller's key,
// is told from another one.
import { createHash } from 'node:crypto'

/** The hash of what is asked: the op, its input, and what of its caller it goes by. */
export const requestToHash = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')
