// Runs one tool of the check and keeps what it said. The only place of the scripts that starts processes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What became of a tool. */
export type ToolRun = { ok: boolean; output: string; seconds: number }

export type Tool = {
  /** Program and arguments. */
  argv: readonly string[]
  env?: NodeJS.ProcessEnv
  /** Shown as it comes, instead of kept. */
  live?: boolean
  /** Ended, with everything that it started, after so long; it then has failed. */
  limitSeconds: number
}

/** Runs a tool at the root of the workspace. */
export const runTool = async (tool: Tool): Promise<ToolRun> => {
  const [program = '', ...args] = tool.argv
  const started = performance.now()
  const child = spawn(program, args, {
    env: { ...process.env, ...tool.env },
    stdio: ['ignore', tool.live ? 'inherit' : 'pipe', tool.live ? 'inherit' : 'pipe'],
    detached: true,
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  }
  const limit = setTimeout(() => {
    chunks.push(`ended: it ran longer than ${tool.limitSeconds} s\n`)
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, tool.limitSeconds * 1_000)
  const code = await once(child, 'close').then(
    ([status]) => status as number | null,
    (error: unknown) => {
      chunks.push(`${program} did not start: ${String(error)}\n`)
      return null
    },
  )
  clearTimeout(limit)
  return {
    ok: code === 0,
    output: chunks.join(''),
    seconds: (performance.now() - started) / 1_000,
  }
}
