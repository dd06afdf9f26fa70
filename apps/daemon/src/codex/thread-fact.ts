// A thread as Codex describes it, in dispatch's own words. Types only.

/** How a thread stands in our app-server; not loaded says nothing of other processes. */
export type ThreadStanding = 'not-loaded' | 'idle' | 'busy' | 'waiting_approval' | 'error'

/** A thread; times are epoch milliseconds. */
export type ThreadFact = {
  id: string
  name: string | null
  /** Usually its first message, in one line. */
  preview: string
  cwd: string
  standing: ThreadStanding
  /** What started it: cli, vscode, exec, subAgent, ... */
  source: string
  ephemeral: boolean
  archived: boolean
  /** Whether its history can be read page by page. */
  paged: boolean
  model: string | null
  modelProvider: string | null
  effort: string | null
  /** Its rollout file. */
  path: string | null
  createdAt: number
  updatedAt: number
}
