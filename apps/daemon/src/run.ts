// dispatchd run: takes the home, opens the registry, puts the daemon together and serves it until it
// is told to end. The home's lock comes before anything else is touched.
import { appRouter, type Call, errorToBody, toDispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Clock } from './clock/clock.ts'
import { composeDaemon } from './compose.ts'
import { contractHash } from './contract-facts.ts'
import { configurationOf } from './config/configuration.ts'
import { hostToConfigured } from './config/configured-host.ts'
import type { Host } from './host/host.ts'
import { prepareCompiled } from './lock/compiled.ts'
import { watchHome } from './lock/home-watch.ts'
import { writePidfile } from './lock/pidfile.ts'
import { placeSocket } from './lock/socket-place.ts'
import { type LogDestination, makeLog } from './log/log.ts'
import { openRotatingFile } from './log/rotating-file.ts'
import { makeListener } from './serve/listener.ts'
import { localOnly } from './serve/local-only.ts'
import { HeldHomeError, pathsOf, takeHome } from './lock/taken-home.ts'
import { openRegistry } from './registry/open-registry.ts'
import type { Readiness } from './serve/readiness.ts'

/** What a run is given by its process. */
export type RunOptions = {
  host: Host
  clock: Clock
  random: () => number
  /** Makes UUIDv7s. */
  newId: () => string
  /** Sets the process's file mask and gives the former one. */
  umask: (mask: number) => number
  version: string
  tell: (readiness: Readiness) => void
  /** Log lines go there beside the file; for the foreground. */
  console: LogDestination
  /** Calls back when the process is told to end; the app-server lives on. */
  onSignal: (end: () => void) => void
  /** Calls back with the fault that is about to end the process. */
  onCrash: (tell: (fault: unknown) => void) => void
}

const noticesOf = ({ migrated }: Store): string[] =>
  migrated?.backup
    ? [
        `The registry was migrated from schema ${migrated.from} to ${migrated.to}; backup: ${migrated.backup}`,
      ]
    : []

const serve = async (options: RunOptions): Promise<void> => {
  const { clock, version } = options
  await using stack = new AsyncDisposableStack()
  const paths = pathsOf(options.host)
  stack.use(takeHome(options.host, paths))
  const config = configurationOf(options.host, paths).daemon()
  const host = hostToConfigured(options.host, config)
  const file = stack.use(openRotatingFile(paths.log))
  const log = makeLog({ now: clock.now, destinations: [file, options.console] })
  prepareCompiled({
    folder: paths.compiled,
    uid: host.uid,
    made: `${version} ${host.execPath}`,
    log,
  })
  options.onCrash((error) => log.error('daemon.crashed', { error }))
  const store = stack.use(openRegistry(paths.database))
  const place = (): string =>
    placeSocket(paths, {
      uid: host.uid,
      tmpdir: host.tmpdir,
      runtimeDir: host.env.XDG_RUNTIME_DIR,
    })
  const socket = place()

  const leaving = Promise.withResolvers<{ codex: boolean }>()
  options.onSignal(() => leaving.resolve({ codex: false }))
  // The socket comes before the daemon, which starts Codex at once: a start that fails leaves none.
  const listener = await makeListener({
    path: socket,
    router: appRouter,
    makeContext: (call: Call) => ({ services: daemon.services, local: localOnly, call }),
    version,
    contractHash,
    pid: host.pid,
    newId: options.newId,
    umask: options.umask,
    clock,
    log,
  })
  stack.use(listener)
  const daemon = stack.use(
    composeDaemon({
      ...options,
      host,
      paths,
      socket,
      store,
      log,
      notices: noticesOf(store),
      connections: () => listener.stats().connections,
      // The answer to the call that asks for it goes out first.
      leave: (how) => void setImmediate(() => leaving.resolve(how)),
    }),
  )
  // A second time: it closes before the daemon does.
  stack.use(listener)
  stack.use(writePidfile(paths.pidfile, host.pid))
  const watched = watchHome({
    paths,
    socket,
    clock,
    // Leaving would cut the turns of an App Server that is our child.
    renew: async () => {
      try {
        place()
        await listener.renew()
        log.warn('socket.renewed', { socket })
        return true
      } catch (error) {
        log.error('socket.failed', { error })
        return false
      }
    },
    // Without the home nobody finds its App Server; with it, the next daemon goes on with its turns.
    lost: (what) => {
      log.error('daemon.home-lost', what === 'home' ? { home: paths.home } : { socket })
      leaving.resolve({ codex: what === 'home' })
    },
  })
  stack.use(watched)
  log.info('daemon.ready', { pid: host.pid, version, socket })
  options.tell({ ready: true, pid: host.pid, socket })

  const { codex } = await leaving.promise
  // The end takes the socket away itself.
  watched[Symbol.dispose]()
  log.info('daemon.leaving', { state: codex ? 'with-codex' : 'alone' })
  if (codex) {
    await listener.close({ final: true })
    await daemon.link.end()
  }
}

/** Runs the daemon to its end; throws what kept it from starting, after telling it. */
export const runDaemon = async (options: RunOptions): Promise<void> => {
  try {
    await serve(options)
  } catch (error) {
    if (error instanceof HeldHomeError) options.tell({ held: true, pid: error.holder })
    else options.tell({ error: errorToBody(toDispatchError(error)) })
    throw error
  }
}
