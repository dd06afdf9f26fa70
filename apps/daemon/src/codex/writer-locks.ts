// Who holds the right to write a thread: Codex takes a lock on a file of the thread while it is
// loaded, whichever process loads it. The kernel lists the locks; nothing is opened or tried here, so
// asking disturbs nobody. Where the platform has no such list nobody is known to hold anything.
// A look at the list waits 5 to 18 ms for the kernel (it stops whoever locks meanwhile), so it is taken
// only where a lock file is there, which Codex removes with the lock, of a thread that is not ours.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** The process that has a thread loaded. */
export type LockHolder = {
  /** 0 where the kernel does not tell, as across containers. */
  pid: number
  /** Its program's name, or null. */
  command: string | null
}

/** Reads who holds threads. */
export type WriterLocks = {
  /** The process, other than our app-server, that holds the thread; null where none does. */
  elsewhere(threadId: string): LockHolder | null
  /** The same of many threads, from one look at the kernel's list; nobody else waits for it. */
  allElsewhere(threadIds: Iterable<string>): Promise<Map<string, LockHolder>>
}

type Lock = { pid: number; device: string; inode: string }

/** The exclusive whole-file locks in the kernel's list. */
export const locksOf = (text: string): Lock[] =>
  text.split('\n').flatMap((line) => {
    const match =
      /^\d+: FLOCK\s+\S+\s+WRITE\s+(-?\d+)\s+([0-9a-f]+:[0-9a-f]+):(\d+)\s/i.exec(line) ?? []
    const [, pid, device, inode] = match
    if (pid === undefined || device === undefined || inode === undefined) return []
    return [{ pid: Math.max(0, Number(pid)), device: device.toLowerCase(), inode }]
  })

const hex = (value: bigint): string => value.toString(16).padStart(2, '0')

/** A device number as the list writes it: major and minor. */
export const deviceOf = (device: bigint): string => {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn)
  return `${hex(major)}:${hex(minor & 0xffffffffn)}`
}

const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

// Some file systems show another device to stat than to the kernel's list: then the open file decides.
const hasOpen = (pid: number, path: string): boolean => {
  const folder = `/proc/${pid}/fd`
  return attempt(() => readdirSync(folder), []).some(
    (fd) => attempt(() => readlinkSync(`${folder}/${fd}`), '') === path,
  )
}

const commandOf = (pid: number): string | null =>
  pid === 0 ? null : attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), null)

// A lock file, by what the kernel's list names it with.
type LockFile = { path: string; device: string; inode: string }

const holderIn = (locks: readonly Lock[], { path, device, inode }: LockFile): number | null => {
  const candidates = locks.filter((lock) => lock.inode === inode)
  const lock =
    candidates.find((one) => one.device === device) ??
    candidates.find(({ pid }) => hasOpen(pid, path))
  return lock?.pid ?? null
}

const LIST = '/proc/locks'

/** Reads the locks of a CODEX_HOME. */
export const makeWriterLocks = (options: {
  codexHome: string
  /** The process of our app-server, or null. */
  ownPid: () => number | null
  /** Whether our app-server is known to have the thread loaded: then no other has. */
  isOurs?: (threadId: string) => boolean
}): WriterLocks => {
  const { ownPid, isOurs = () => false } = options

  const fileOf = (threadId: string): LockFile | null => {
    const path = `${options.codexHome}/thread-writer-locks/${threadId}.lock`
    const stat = attempt(() => statSync(path, { bigint: true, throwIfNoEntry: false }), undefined)
    return stat ? { path, device: deviceOf(stat.dev), inode: String(stat.ino) } : null
  }

  const readLocks = (): Lock[] => attempt(() => locksOf(readFileSync(LIST, 'utf8')), [])

  const toHolder = (pid: number | null): LockHolder | null =>
    pid === null || pid === ownPid() ? null : { pid, command: commandOf(pid) }

  return {
    allElsewhere: async (threadIds) => {
      const files = [...threadIds].flatMap((threadId) => {
        const file = isOurs(threadId) ? null : fileOf(threadId)
        return file ? [{ threadId, file }] : []
      })
      const text = files.length === 0 ? '' : await readFile(LIST, 'utf8').catch(() => '')
      const locks = locksOf(text)
      return new Map(
        files.flatMap(({ threadId, file }) => {
          const holder = toHolder(holderIn(locks, file))
          return holder ? [[threadId, holder] as const] : []
        }),
      )
    },
    elsewhere: (threadId) => {
      const file = isOurs(threadId) ? null : fileOf(threadId)
      return file && toHolder(holderIn(readLocks(), file))
    },
  }
}

/** The holder as a person reads it. */
export const holderToText = ({ pid, command }: LockHolder): string => {
  if (pid === 0) return 'a process that this one cannot see'
  return command === null ? `process ${pid}` : `process ${pid} (${command})`
}
