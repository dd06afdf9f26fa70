// A floor: an app-server with a client and nothing else of dispatch.
import { join } from 'node:path'
import {
  type CodexClient,
  type CodexNotification,
  type CodexNotificationMethod,
  connectCodex,
  connectListening,
  spawnSocketServer,
} from '@dispatch/codex-client'

/** A running app-server and its only client. */
export type BareCodex = AsyncDisposable & { client: CodexClient; pid: number }

/** Where to run it, and what to see of it. */
export type BareOptions = {
  binary: string
  /** Has the socket. */
  root: string
  codexHome: string
  env: Record<string, string>
  onNotification?: (notification: CodexNotification) => void
}

// What the daemon does not want to hear either.
const OPT_OUT: readonly CodexNotificationMethod[] = ['account/rateLimits/updated']

const clientInfo = { name: 'dispatch', title: 'dispatch', version: '0.0.0' }

/** Connects a client to an app-server that listens or is about to. */
export const connectBare = async (
  socketPath: string,
  options: {
    optOut?: readonly CodexNotificationMethod[]
    onNotification?: (notification: CodexNotification) => void
  },
): Promise<CodexClient> =>
  connectCodex({
    ...options,
    transport: await connectListening({ socketPath }),
    clientInfo,
    timeoutMs: 120_000,
    onFault: (fault) => {
      throw fault
    },
  })

/** Starts an app-server and introduces a client. */
export const startBareCodex = async (options: BareOptions): Promise<BareCodex> => {
  const { binary, root, codexHome, env, onNotification } = options
  const socketPath = join(root, 'bare.sock')
  await using stack = new AsyncDisposableStack()
  const server = stack.use(
    await spawnSocketServer({ binary, codexHome, env, socketPath, cwd: root, stderr: 'ignore' }),
  )
  const client = stack.use(
    await connectBare(socketPath, {
      optOut: OPT_OUT,
      ...(onNotification ? { onNotification } : {}),
    }),
  )
  const owned = stack.move()
  return { client, pid: server.pid, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
