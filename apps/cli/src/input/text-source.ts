// Reads a text from a file or from stdin, bounded, as strict UTF-8.
import { constants, createReadStream, openSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'
import { DispatchError } from '@dispatch/contract/errors'
import { fileFaultToWords } from '@dispatch/contract/file-faults'

/** Where a text comes from; `name` is what errors call it. */
export type TextSource = { name: string; bytes: AsyncIterable<Uint8Array> }

const unreadable = (name: string, cause: unknown): DispatchError =>
  new DispatchError('validation', `Cannot read ${name}: ${fileFaultToWords(cause)}.`, { cause })

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

// Whoever breaks off does not wait for a writer that may never come.
const givenUp = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })

/** How a text is read: at most so many bytes, and until the signal aborts. */
export type Reading = { limit: number; signal: AbortSignal }

/** The text of a source; a byte order mark is dropped. */
export const readText = async (source: TextSource, { limit, signal }: Reading): Promise<string> => {
  const read = readBounded(source, limit).catch((thrown: unknown) => {
    throw thrown instanceof DispatchError ? thrown : unreadable(source.name, thrown)
  })
  const bytes = await Promise.race([read, givenUp(signal)])
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new DispatchError('validation', `${source.name} is not UTF-8 text.`, { cause })
  }
}

// A read that waits for somebody else keeps the process, past its exit even: pipes and terminals are
// read as streams, which wait for nobody.
const openBytes = (path: string): Readable => {
  const kind = statSync(path)
  if (!kind.isFIFO() && !kind.isCharacterDevice()) return createReadStream(path)
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  if (isatty(fd)) return new ReadStream(fd)
  return kind.isFIFO() ? new Socket({ fd }) : createReadStream(path, { fd })
}

/** The bytes of a file, a FIFO included. */
export const fileSource = (path: string): TextSource => ({
  name: path,
  bytes: {
    [Symbol.asyncIterator]: () =>
      (openBytes(path) as AsyncIterable<Uint8Array>)[Symbol.asyncIterator](),
  },
})
