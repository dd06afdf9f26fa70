// Reads and follows the daemon's log from its files, so that it works with the daemon dead.
import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import type { LogRecord } from '@dispatch/contract'
import { makeEventQueue } from './event-queue.ts'
import { makeLineReader } from '@dispatch/contract/lines'
import { isAtLeast, lineToRecord, listLogFiles, type LogLevel, readNewest } from './log-files.ts'
import { makeFolders } from '@dispatch/contract/home-faults'

/** Which lines. */
export type ReadLogOptions = {
  file: string
  /** Lines at most; 50 when absent. */
  limit?: number | undefined
  /** That level and graver; info when absent. */
  level?: LogLevel | undefined
}

const LINE_MAX = 1024 * 1024

/** The newest lines, oldest first, across rotated files; none where there is no log. */
export const readLog = ({ file, limit = 50, level = 'info' }: ReadLogOptions): LogRecord[] => {
  const pages: LogRecord[][] = []
  let left = limit
  for (const name of listLogFiles(file)) {
    const page = left > 0 ? readNewest(name, left, level) : []
    pages.unshift(page)
    left -= page.length
  }
  return pages.flat()
}

type OpenFile = { fd: number; inode: number; offset: number }

const open = (file: string, atEnd: boolean): OpenFile | null => {
  try {
    const fd = openSync(file, 'r')
    const { ino, size } = fstatSync(fd)
    return { fd, inode: ino, offset: atEnd ? size : 0 }
  } catch {
    return null
  }
}

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino

/** The past as `readLog` gives it, then every new line; ends when the signal aborts or the loop is left. */
export const followLog = (
  options: ReadLogOptions & { signal?: AbortSignal },
): AsyncIterableIterator<LogRecord> => {
  const { file, limit = 50, level = 'info', signal } = options
  makeFolders(dirname(file), (path) => mkdirSync(path, { mode: 0o700 }))
  const buffer = Buffer.alloc(64 * 1024)
  let current = open(file, true)

  const onLine = (line: string): void => {
    const record = lineToRecord(line)
    if (record && isAtLeast(record, level)) queue.push(record)
  }
  const makeReader = () =>
    makeLineReader({ max: LINE_MAX, concat: Buffer.concat, onLine, onOverflow: () => undefined })
  let read = makeReader()

  const readOn = (at: OpenFile): void => {
    for (;;) {
      const count = readSync(at.fd, buffer, 0, buffer.length, at.offset)
      if (count === 0) return
      at.offset += count
      read(Buffer.from(buffer.subarray(0, count)))
    }
  }

  const advance = (): void => {
    if (current) readOn(current)
    while (inodeOf(file) !== current?.inode) {
      // Rotated, perhaps more than once: what follows is the file just newer than ours.
      const files = listLogFiles(file)
      const ours = files.findIndex((name) => inodeOf(name) === current?.inode)
      // Moved away, and nothing newer is there yet.
      if (ours === 0) return
      const next = open(files[ours > 0 ? ours - 1 : 0] ?? file, false)
      if (!next) return
      if (current) closeSync(current.fd)
      current = next
      read = makeReader()
      readOn(current)
    }
  }

  const stop = (): void => {
    watcher.close()
    signal?.removeEventListener('abort', end)
    if (current) closeSync(current.fd)
    current = null
  }
  const end = (): void => {
    stop()
    queue.end()
  }
  const queue = makeEventQueue<LogRecord>({
    high: Infinity,
    low: 0,
    onHold: () => undefined,
    onReturn: stop,
  })
  const watcher = watch(dirname(file), advance)
  for (const record of limit > 0 ? readLog({ file, limit, level }) : []) queue.push(record)
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  return queue.iterator
}
