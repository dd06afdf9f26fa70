// Finds what a test run left behind: processes that carry the run's folder in their environment, their
// arguments or their working directory, and sockets in that folder. Reads /proc, so Linux only.
import { readFile, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '')

const processLeak = async (pid: string, folder: string): Promise<string | null> => {
  const [environment, args, cwd] = await Promise.all([
    read(`/proc/${pid}/environ`),
    read(`/proc/${pid}/cmdline`),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ])
  if (![environment, args, cwd].some((text) => text.includes(folder))) return null
  return `process ${pid}: ${args.replaceAll('\0', ' ').trim().slice(0, 300)}`
}

const processLeaks = async (folder: string): Promise<string[]> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map((pid) => processLeak(pid, folder)))
  return found.filter((leak) => leak !== null)
}

const socketLeaks = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isSocket())
    .map((entry) => `socket ${join(entry.parentPath, entry.name)}`)
}

/** Everything of a run's folder that outlived the run. */
export const findLeaks = async (folder: string): Promise<string[]> => [
  ...(await processLeaks(folder)),
  ...(await socketLeaks(folder)),
]
