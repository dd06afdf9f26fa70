// Who holds the right to write a thread: Codex takes a lock on a file of the thread while it is
// loaded, whichever process loads it. The kernel lists the locks; nothing is opened or tried here, so
// asking disturbs nobody. Where the platform has no such list nobody is known to hold anything.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

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
  /** The same of many threads, from one look at the kernel's list. */
  allElsewhere(threadIds: Iterable<string>): Map<string, LockHolder>
  /** Whether any process, our app-server too, holds the thread. */
  isHeld(threadId: string): boolean
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

/** Reads the locks of a CODEX_HOME; `ownPid` is that of our app-server, or null. */
export const makeWriterLocks = (options: {
  codexHome: string
  ownPid: () => number | null
}): WriterLocks => {
  const pathOf = (threadId: string): string =>
    `${options.codexHome}/thread-writer-locks/${threadId}.lock`

  const holderIn = (locks: readonly Lock[], threadId: string): number | null => {
    const path = pathOf(threadId)
    const stat = attempt(() => statSync(path, { bigint: true, throwIfNoEntry: false }), undefined)
    if (!stat) return null
    const device = deviceOf(stat.dev)
    const candidates = locks.filter(({ inode }) => inode === String(stat.ino))
    const lock =
      candidates.find((one) => one.device === device) ??
      candidates.find(({ pid }) => hasOpen(pid, path))
    return lock?.pid ?? null
  }

  const read = (): Lock[] => attempt(() => locksOf(readFileSync('/proc/locks', 'utf8')), [])

  const allElsewhere = (threadIds: Iterable<string>): Map<string, LockHolder> => {
    const ids = [...threadIds]
    const found = new Map<string, LockHolder>()
    if (ids.length === 0) return found
    const locks = read()
    if (locks.length === 0) return found
    const own = options.ownPid()
    for (const threadId of ids) {
      const pid = holderIn(locks, threadId)
      if (pid !== null && pid !== own) found.set(threadId, { pid, command: commandOf(pid) })
    }
    return found
  }

  return {
    allElsewhere,
    elsewhere: (threadId) => allElsewhere([threadId]).get(threadId) ?? null,
    isHeld: (threadId) => holderIn(read(), threadId) !== null,
  }
}

/** The holder as a person reads it. */
export const holderToText = ({ pid, command }: LockHolder): string => {
  if (pid === 0) return 'a process that this one cannot see'
  return command === null ? `process ${pid}` : `process ${pid} (${command})`
}
