// What was sent to an app-server and never answered may still be carried out: a living server works
// off what was written to it (1.2 s later with 20 lanes busy). Behind the fence it is not on its way
// any more: that server is dead, or it has nothing queued and nothing in flight but our question.
import type { CodexClient } from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'
import type { ServerInstance } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from './codex-link.ts'

/** Resolves when nothing that was sent to that server before can still be carried out; throws when that takes more than 5 s. */
export type Fence = (client: CodexClient, server: ServerInstance | null) => Promise<void>

const SETTLE_MS = 500
/** Whoever waits behind the fence waits no longer than this for a server to be quiet. */
const FENCE_MS = 5_000

const isQuiet = async (client: CodexClient): Promise<boolean> => {
  const { gauges } = await client.request('server/diagnostics', {})
  const value = (name: string) => gauges.find((gauge) => gauge.name === name)?.value
  // Codex 0.169 tells of queued requests only once there has been one; those in flight it tells always,
  // and counts the queued ones among them. A server that tells of none may have any.
  const queued = value('app.requests.queued') ?? 0
  const inFlight = value('app.requests.in_flight')
  return queued === 0 && inFlight !== undefined && inFlight <= 1
}

const notQuiet = (): DispatchError =>
  new DispatchError('app_server', 'Codex is busy: what became of the call cannot be told yet.', {
    hint: 'Try again later; dispatch daemon status shows how Codex stands.',
  })

/** Makes the fence. */
export const makeFence = (options: { clock: Clock; link: Pick<CodexLink, 'instance'> }): Fence => {
  const { clock, link } = options

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      clock.at(SETTLE_MS, resolve)
    })

  const isSame = (server: ServerInstance | null): boolean => {
    const now = link.instance()
    return server?.pid === now?.pid && server?.startedAt === now?.startedAt
  }

  return async (client, server) => {
    if (!isSame(server)) return
    const deadline = clock.monotonic() + FENCE_MS
    for (let quiet = 0; quiet < 2;) {
      if (clock.monotonic() >= deadline) throw notQuiet()
      quiet = (await isQuiet(client)) ? quiet + 1 : 0
      if (quiet < 2) await pause()
    }
  }
}
