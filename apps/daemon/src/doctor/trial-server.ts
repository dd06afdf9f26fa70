// An App Server on trial: started on stdio for this look alone, on the user's own CODEX_HOME, asked who
// it is, what it offers and whether it has an account, and ended. It loads no thread, so it takes no
// thread from anyone.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CodexClient,
  connectCodex,
  readOfferedMethods,
  spawnStdioServer,
} from '@dispatch/codex-client'
import type { Host } from '../host/host.ts'

/** What a trial needs. */
export type TrialOptions = {
  host: Host
  binary: string
  codexHome: string
  version: string
  timeoutMs: number
  signal: AbortSignal
}

/** What a server said of itself; or how it failed, with the end of what it wrote. */
export type Trial =
  | {
      userAgent: string
      version: string | null
      codexHome: string
      /** Null where it does not say. */
      methods: string[] | null
      account: { known: boolean; required: boolean } | null
    }
  | { failure: string; stderr: string }

const STDERR_MAX = 1_000

const orNull = async <T>(ask: Promise<T>): Promise<T | null> => {
  try {
    return await ask
  } catch {
    return null
  }
}

const interview = async (client: CodexClient): Promise<Trial> => {
  const { userAgent, version = null, codexHome } = client.server
  const [methods, account] = await Promise.all([
    orNull(readOfferedMethods(client)),
    // Whether there is one, never which.
    orNull(client.request('account/read', { refreshToken: false })),
  ])
  return {
    userAgent,
    version,
    codexHome,
    methods,
    account: account && { known: account.account !== null, required: account.requiresOpenaiAuth },
  }
}

const environmentOf = ({ env }: Host): Host['env'] =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DISPATCH_')))

/** Tries a server; ends it whatever comes. */
export const tryServer = async (options: TrialOptions): Promise<Trial> => {
  const { host, binary, codexHome, version, timeoutMs, signal } = options
  const folder = mkdtempSync(join(host.tmpdir, 'dispatch-doctor-'))
  const log = join(folder, 'stderr')
  const stderr = openSync(log, 'w', 0o600)
  try {
    await using server = await spawnStdioServer({
      binary,
      codexHome,
      env: environmentOf(host),
      cwd: folder,
      stderr,
    })
    const end = (): void => void server.terminate()
    signal.addEventListener('abort', end, { once: true })
    try {
      await using client = await connectCodex({
        transport: server.transport,
        clientInfo: { name: 'dispatch', title: 'dispatch', version },
        onFault: () => undefined,
        timeoutMs,
      })
      return await interview(client)
    } finally {
      signal.removeEventListener('abort', end)
    }
  } catch (error) {
    signal.throwIfAborted()
    const failure = error instanceof Error ? error.message : String(error)
    return { failure, stderr: readFileSync(log, 'utf8').slice(-STDERR_MAX).trim() }
  } finally {
    closeSync(stderr)
    rmSync(folder, { recursive: true, force: true })
  }
}
