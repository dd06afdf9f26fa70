// How the client of this run is made: as the CLI, for the home that was named, with our daemon.
import { resolve } from 'node:path'
import { type DaemonCommand, daemonCommand, type DispatchClientOptions } from '@dispatch/client'
import type { Setting } from '../execute.ts'
import type { Io } from '../io.ts'

// A home that is named on the command line is meant whole: what the environment says of single
// files is about another one.
const envOf = (io: Io, home: string | undefined): Io['env'] => {
  if (home === undefined) return io.env
  const { DISPATCH_SOCKET: _socket, DISPATCH_DB: _db, DISPATCH_PIDFILE: _pidfile, ...env } = io.env
  return { ...env, DISPATCH_HOME: resolve(io.cwd, home) }
}

/** The options of the client of a run. */
export const clientOptions = ({
  io,
  tables,
  invocation,
}: Setting): DispatchClientOptions & { daemon: DaemonCommand } => ({
  env: envOf(io, invocation.globals.home),
  cwd: io.cwd,
  caller: 'cli',
  version: tables.version,
  contract: tables.contract,
  daemon: daemonCommand(io.execPath),
})
