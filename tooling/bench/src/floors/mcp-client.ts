// The host of an MCP server on a pipe, with the least that it needs: JSON lines, and answers by their ids.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { makeLines } from './lines.ts'

/** A connected server. */
export type McpClient = AsyncDisposable & {
  pid: number
  /** The result of a request; throws where it is refused. */
  ask(method: string, params: object): Promise<unknown>
}

/** What a host says first. */
export const initialize = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
}

type Program = { args: readonly string[]; env: Record<string, string>; cwd: string }
type Answer = { id: number; result?: unknown; error?: { message: string } }

/** Starts a server of Node, and a session with it. */
export const connectMcp = async ({ args, env, cwd }: Program): Promise<McpClient> => {
  const child: ChildProcess = spawn(process.execPath, [...args], {
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const pending = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  child.stdout?.on(
    'data',
    makeLines((line) => {
      const answer = JSON.parse(line) as Answer
      pending.get(answer.id)?.(answer)
      pending.delete(answer.id)
    }),
  )
  const ask = async (method: string, params: object): Promise<unknown> => {
    lastId += 1
    const id = lastId
    const { promise, resolve } = Promise.withResolvers<Answer>()
    pending.set(id, resolve)
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    const { result, error } = await promise
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  await ask('initialize', initialize)
  return {
    pid: child.pid as number,
    ask,
    [Symbol.asyncDispose]: async () => {
      child.stdin?.end()
      await closed
    },
  }
}
