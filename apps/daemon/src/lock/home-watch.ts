// Notices that the home was removed or replaced below a running daemon: nobody finds it from then on,
// and it holds its App Server. The system tells of names that come and go in the folders of lock and
// socket; of a folder above them that is moved or replaced it tells nothing, so we look now and then too.
// Inodes decide: lock and socket are held open, so none of theirs is given to another file.
import { type FSWatcher, lstatSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { HomePaths } from '@dispatch/contract/home'
import type { Clock } from '../clock/clock.ts'

/** What is gone: the home with its registry, or only the way in, which another has now or nobody can make. */
export type HomeLoss = 'home' | 'socket'

/** Removing a home takes some ms, and its socket may be what goes first. */
const SETTLE_MS = 500
/** What nobody tells us is found within that time: a look costs 20 µs. */
const LOOK_MS = 60_000

const inodeOf = (path: string): string | null => {
  try {
    const { dev, ino } = lstatSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

type Watched = {
  paths: Pick<HomePaths, 'home' | 'lock'>
  /** The socket in use. */
  socket: string
  clock: Clock
  /** The socket alone is gone: listens there again, and says whether that could be. */
  renew: () => Promise<boolean>
  /** Called once. */
  lost: (what: HomeLoss) => void
}

/** Watches from now on; the caller holds the lock and listens. */
export const watchHome = ({ paths, socket, clock, renew, lost }: Watched): Disposable => {
  const whole = [paths.home, paths.lock]
  const before = new Map([...whole, socket].map((path) => [path, inodeOf(path)]))
  const isLost = (path: string): boolean => {
    const inode = inodeOf(path)
    return inode === null || inode !== before.get(path)
  }
  // The socket may be in a folder where much comes and goes. What happens to a folder itself has its name.
  const folders = new Set([paths.home, dirname(paths.lock), dirname(socket)])
  const names = new Set([...folders, paths.lock, socket].map((path) => basename(path)))
  const watchers = new Set<FSWatcher>()
  let timer: Disposable | undefined
  let stopped = false
  let isSettling = false

  const stop = (): void => {
    stopped = true
    timer?.[Symbol.dispose]()
    for (const watcher of watchers) watcher.close()
    watchers.clear()
  }
  const end = (what: HomeLoss): void => {
    stop()
    lost(what)
  }
  const later = (ms: number, act: () => void): void => {
    timer?.[Symbol.dispose]()
    timer = clock.at(ms, act)
  }
  const look = (): void => {
    if (stopped) return
    if (whole.some(isLost)) end('home')
    else if (isSettling) return
    else if (isLost(socket)) {
      isSettling = true
      later(SETTLE_MS, () => void settle())
    } else later(LOOK_MS, look)
  }
  const settle = async (): Promise<void> => {
    if (whole.some(isLost)) return end('home')
    const isBack = !isLost(socket) || (await renew())
    if (stopped) return
    if (!isBack) return end('socket')
    isSettling = false
    before.set(socket, inodeOf(socket))
    watchFolders()
  }
  const watchFolder = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false })
      watchers.add(watcher)
      // What is written to the registry comes as `change`.
      watcher.on('change', (type, name) => {
        if (type === 'rename' && names.has(String(name ?? basename(folder)))) look()
      })
      // Out of watches, or none on that file system: the looks go on.
      watcher.on('error', () => watcher.close())
    } catch {
      return
    }
  }
  // Its folder may be a new one too.
  const watchFolders = (): void => {
    for (const watcher of watchers) watcher.close()
    watchers.clear()
    for (const folder of folders) watchFolder(folder)
    look()
  }
  watchFolders()
  return { [Symbol.dispose]: stop }
}
