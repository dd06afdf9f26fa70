// What the daemon takes from its process: made in main.ts, handed to whoever needs it. Types only.

/** The process that the daemon runs in, and its machine. */
export type Host = {
  pid: number
  uid: number
  platform: string
  /** Absolute path of the Node that runs us. */
  execPath: string
  homedir: string
  cwd: string
  tmpdir: string
  env: Readonly<Record<string, string | undefined>>
  /** Sends a signal; throws as `process.kill` does. Signal 0 only asks. */
  kill(pid: number, signal: NodeJS.Signals | 0): void
}
