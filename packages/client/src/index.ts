// @dispatch/client: the way to a daemon. At run time it loads neither zod nor tRPC.

/** The client of programs: typed ops, autostart, reconnection, resumption. */
export {
  createDispatchClient,
  type DispatchClient,
  type DispatchClientOptions,
} from './dispatch-client.ts'
/** The typed ops of the contract. */
export type { Api } from './api.ts'
/** A client by path, over any way to the socket. */
export type { CallOptions, Client, SubscribeOptions } from './calls.ts'
export { type ClientOptions, makeClient } from './client.ts'
/** One connection and what travels on it. */
export {
  type CallRequest,
  type Connection,
  type DaemonHello,
  makeConnection,
  type SubscribeRequest,
} from './connection.ts'
/** What a subscription gives. */
export type { TrackedEvent } from './tracked-event.ts'
/** Opens the control socket. */
export { openSocket } from './socket.ts'
/** Where a home keeps what, and whether it can be trusted. */
export { checkPrivate, locateHome, locateSocket } from './home.ts'
/** What is read of this process, and may be given instead. */
export { type Environment, isProcessAlive, readEnvironment, readZone } from './environment.ts'
/** Time, for those who inject it. */
export { type Clock, systemClock } from './clock.ts'
/** UUIDv7s for calls. */
export { makeCallIds } from '@dispatch/contract/call-id'
/** Starting the daemon. */
export { ensureDaemon, startDaemon, type StartOptions, type StartOutcome } from './autostart.ts'
/** Which program the daemon is. */
export { daemonCommand } from './daemon-command.ts'
/** The environment of a started daemon. */
export { makeDaemonEnv } from './daemon-env.ts'
/** How `dispatchd` is run, and its local ops. */
export { type DaemonCommand, type LocalAnswer, spawnLocal } from './spawn.ts'
export { callLocal, type LocalCall } from './local.ts'
/** up, down, restart. */
export { type Lifecycle, type LifecycleOptions, makeLifecycle } from './lifecycle.ts'
/** The daemon's log from its files. */
export { followLog, readLog, type ReadLogOptions } from './logs.ts'
/** Why a daemon cannot be reached. */
export { type UnreachableReason, unreachableReason } from './unreachable.ts'
/** The only error that calls throw. */
export { DispatchError, type ErrorBody, type ErrorCode } from '@dispatch/contract/errors'
