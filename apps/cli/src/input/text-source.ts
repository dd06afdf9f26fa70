// Reads a text from a file or from stdin, bounded, as strict UTF-8.
import { createReadStream } from 'node:fs'
import { DispatchError } from '@dispatch/contract/errors'

/** Where a text comes from; `name` is what errors call it. */
export type TextSource = { name: string; bytes: AsyncIterable<Uint8Array> }

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
}

const unreadable = (name: string, cause: unknown): DispatchError => {
  const code = (cause as { code?: unknown } | null)?.code
  const known = typeof code === 'string' && Object.hasOwn(reasons, code) ? reasons[code] : undefined
  return new DispatchError('validation', `Cannot read ${name}: ${known ?? String(cause)}.`, {
    cause,
  })
}

const readBounded = async ({ name, bytes }: TextSource, limit: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > limit) {
      throw new DispatchError('validation', `${name} is too big: more than ${limit} bytes.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

/** The text of a source of at most `limit` bytes; a byte order mark is dropped. */
export const readText = async (source: TextSource, limit: number): Promise<string> => {
  const bytes = await readBounded(source, limit).catch((thrown: unknown) => {
    throw thrown instanceof DispatchError ? thrown : unreadable(source.name, thrown)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new DispatchError('validation', `${source.name} is not UTF-8 text.`, { cause })
  }
}

/** The bytes of a file, a FIFO included. */
export const fileSource = (path: string): TextSource => ({
  name: path,
  bytes: createReadStream(path),
})
