// The room of Codex, put together: the link to the App Server of this home, and what asks it or its
// files from beside. What it says and asks is handed on.
import type { DaemonConfig } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import type { Store } from '@dispatch/store'
import { isPossiblyShared } from './co-clients.ts'
import type { CodexHome } from './codex-home.ts'
import type { CodexLink } from './codex-link.ts'
import { type Fence, makeFence } from './fence.ts'
import { makeFileChanges } from './file-changes.ts'
import { type FindStarted, makeFindStarted } from './find-started.ts'
import { serverRecords } from './server-record.ts'
import { makeServerRequests, type RequestListener } from './server-requests.ts'
import { codexSocketPath } from './socket-path.ts'
import { makeSupervisor, type SupervisorOptions } from './supervisor.ts'
import { findAncestor } from './thread-parent.ts'
import type { RawNotification } from './translate-notification.ts'

/** The room. */
export type Codex = AsyncDisposable & {
  link: CodexLink
  fence: Fence
  findStarted: FindStarted
  /** The nearest thread above a sub-agent's that is wanted, or null. */
  ancestorOf(threadId: string, isWanted: (id: string) => boolean): Promise<string | null>
  /** Whether another client may have joined the App Server. */
  mayBeShared(): boolean
}

type CodexOptions = Pick<
  SupervisorOptions,
  'host' | 'clock' | 'log' | 'random' | 'version' | 'homeId' | 'listener'
> & {
  paths: HomePaths
  store: Store
  configuration: { daemon(): DaemonConfig }
  codexHome: CodexHome
  /** Told of everything that Codex says. */
  heard: (notification: RawNotification) => void
  /** Told of what it asks. */
  requests: Omit<RequestListener, 'called'>
  /** Answers what its tools of ours are called with. */
  called: RequestListener['called']
}

/** Puts the room together. The App Server is looked for at once and in the background. */
export const makeCodex = (options: CodexOptions): Codex => {
  const { host, clock, log, paths, codexHome, requests } = options
  const fileChanges = makeFileChanges()
  const link = makeSupervisor({
    ...options,
    connection: options.configuration.daemon().codex.connection,
    records: serverRecords(options.store),
    socket: codexSocketPath(host, paths.home),
    codexHome: codexHome.path,
    defaultCodexHome: codexHome.isDefault,
    logFile: `${paths.logs}/codex.log`,
    cwd: paths.home,
    from: import.meta.filename,
    hooks: {
      onNotification: (notification) => {
        fileChanges.take(notification)
        options.heard(notification)
      },
      serverRequests: makeServerRequests({
        listener: { asked: requests.asked, refused: requests.refused, called: options.called },
        fileChanges,
        clock,
      }),
      onUnknownRequest: ({ id, method, threadId }) =>
        requests.refused({ rpcId: JSON.stringify(id), method, threadId, why: 'unknown method' }),
      onFault: (fault) => log.warn('codex.fault', { error: fault.message }),
    },
  })
  return {
    link,
    fence: makeFence({ clock, link }),
    findStarted: makeFindStarted({ codexHome: codexHome.path }),
    ancestorOf: async (threadId, isWanted) =>
      await findAncestor(await link.client(), threadId, isWanted),
    mayBeShared: () => isPossiblyShared(link),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
}
