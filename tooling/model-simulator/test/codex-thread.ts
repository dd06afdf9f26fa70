/** A thread of the real Codex that asks a simulator, for this package's tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeModelSimulator } from '../src/index.ts'
import type { CodexConfigOptions, ModelSimulator } from '../src/index.ts'
import { makeAppServer } from '../src/testing/app-server.ts'
import type { AppServer } from '../src/testing/app-server.ts'
import { findCodexBinary, makeCodexHomeTemplate } from '../src/testing/index.ts'

export interface Turn {
  id: string
  status: string
  error: { message: string; codexErrorInfo: unknown } | null
  items: { type: string; text?: string }[]
}

export interface CodexThread {
  readonly id: string
  readonly cwd: string
  /** Resolves with the turn's id when the server has taken it. */
  start(text: string): Promise<string>
  ended(turnId: string): Promise<Turn>
  run(text: string): Promise<Turn>
  /** Types of a turn's completed items, in order. */
  itemTypes(turnId: string): string[]
}

export interface CodexHarness extends AsyncDisposable {
  readonly simulator: ModelSimulator
  readonly server: AppServer
  thread(params?: object): Promise<CodexThread>
}

interface TurnParams {
  turn: Turn
  turnId: string
  item: { type: string }
}

const asTurnParams = (params: object | undefined) => params as unknown as TurnParams

async function makeThread(server: AppServer, cwd: string, params: object): Promise<CodexThread> {
  const settings = { cwd, sandbox: 'workspace-write', approvalPolicy: 'on-request', ...params }
  const { thread } = (await server.call('thread/start', settings)) as { thread: { id: string } }
  const start = async (text: string) => {
    const input = [{ type: 'text', text }]
    const { turn } = (await server.call('turn/start', { threadId: thread.id, input })) as {
      turn: Turn
    }
    return turn.id
  }
  const ended = async (turnId: string) => {
    const done = await server.waitFor('turn/completed', (found) => {
      return asTurnParams(found).turn.id === turnId
    })
    return asTurnParams(done.params).turn
  }
  return {
    id: thread.id,
    cwd,
    start,
    ended,
    run: async (text) => ended(await start(text)),
    itemTypes: (turnId) =>
      server.messages
        .filter(({ method }) => method === 'item/completed')
        .map(({ params: found }) => asTurnParams(found))
        .filter((found) => found.turnId === turnId)
        .map(({ item }) => item.type),
  }
}

export async function makeCodexHarness(
  config: Omit<CodexConfigOptions, 'url'> = {},
): Promise<CodexHarness> {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'model-simulator-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const simulator = stack.use(await makeModelSimulator())
  const template = await makeCodexHomeTemplate()
  const options = { url: simulator.url, ...config }
  const codexHome = await template.copyTo(join(directory, 'codex'), options)
  const server = stack.use(await makeAppServer({ binary: findCodexBinary().path, codexHome }))
  const owned = stack.move()
  return {
    simulator,
    server,
    thread: (params = {}) => makeThread(server, directory, params),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
