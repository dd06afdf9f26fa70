/**
 * The threads: in memory, and those that have a rollout in one JSON file, so that a restarted
 * server still knows them. Loaded and running are facts of this process only.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { now } from './clock.ts'
import type { ThreadRecord, ThreadStatus } from './thread-record.ts'

export interface ThreadStore {
  readonly home: string
  readonly threads: Map<string, ThreadRecord>
  /** Status of the loaded ones. */
  readonly loaded: Map<string, ThreadStatus>
  statusOf(id: string): ThreadStatus
  /** Writes what survives a restart. */
  save(): void
  /** Appends lines to a thread's rollout, as the real one does for what is durable. */
  append(thread: ThreadRecord, lines: { type: string; payload: object }[]): void
}

/** A turn that ran in a process that is gone reads as interrupted and never completed. */
function readThreads(file: string): ThreadRecord[] {
  try {
    const threads = JSON.parse(readFileSync(file, 'utf8')) as ThreadRecord[]
    for (const turn of threads.flatMap(({ turns }) => turns)) {
      if (turn.status === 'inProgress') turn.status = 'interrupted'
    }
    return threads
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export function makeThreadStore(home: string): ThreadStore {
  const file = join(home, 'fake-app-server.json')
  const threads = new Map(readThreads(file).map((thread) => [thread.id, thread]))
  const loaded = new Map<string, ThreadStatus>()
  return {
    home,
    threads,
    loaded,
    statusOf: (id) => loaded.get(id) ?? { type: 'notLoaded' },
    save() {
      const kept = [...threads.values()].filter(({ materialised }) => materialised)
      writeFileSync(`${file}.new`, JSON.stringify(kept))
      renameSync(`${file}.new`, file)
    },
    append(thread, lines) {
      if (!thread.materialised) {
        thread.materialised = true
        mkdirSync(dirname(thread.path), { recursive: true })
        const { id, cwd, originator, threadSource } = thread
        const payload = { id, session_id: id, cwd, originator, thread_source: threadSource }
        lines = [{ type: 'session_meta', payload }, ...lines]
      }
      const timestamp = new Date(now()).toISOString()
      const text = lines.map((line) => `${JSON.stringify({ timestamp, ...line })}\n`).join('')
      appendFileSync(thread.path, text)
    },
  }
}
