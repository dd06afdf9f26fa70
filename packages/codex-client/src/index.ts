// The public face: everything that other packages may use of the Codex client.

/** Introduces a client to an app-server and gives its typed requests. */
export { connectCodex } from './client.ts'
export type {
  CodexClient,
  CodexClientOptions,
  CodexClientStats,
  CodexServerInfo,
  RequestOptions,
} from './client.ts'

/** Connections: a WebSocket on a Unix socket, a pair of streams, a server that is only starting. */
export { connectListening } from './listening.ts'
export type { ListeningTarget } from './listening.ts'
export { makeStdioTransport } from './stdio.ts'
export type { StdioStreams } from './stdio.ts'
export type { Transport, TransportEnd, TransportHandlers } from './transport.ts'
export { connectWebSocket } from './websocket.ts'
export type { WebSocketTarget } from './websocket.ts'

/** Which methods a server has, against those that are called here. */
export {
  errorToMethods,
  METHOD_NEEDS,
  missingMethods,
  readOfferedMethods,
} from './offered-methods.ts'
export type { MethodNeed } from './offered-methods.ts'

/** Processes: a server that outlives us, one that does not, and a binary's version. */
export { readCodexVersion, spawnSocketServer, spawnStdioServer } from './spawn.ts'
export type { CodexExit, CodexProcess, CodexProgram, CodexServerProgram } from './spawn.ts'

/** The native executable behind the npm package. Also at `@dispatch/codex-client/binary`. */
export { nativeCodexBinary, resolveCodexBinary } from './binary.ts'

/** The delays that the client uses, to be replaced in tests. */
export { systemTimers } from './timers.ts'
export type { Timers } from './timers.ts'

/** Every failure of this package. */
export {
  CodexBinaryError,
  CodexClosedError,
  CodexConnectError,
  CodexHandlerError,
  CodexMessageTooLargeError,
  CodexProtocolError,
  CodexRpcError,
  CodexSpawnError,
  CodexTimeoutError,
  isDrainingError,
} from './errors.ts'

/** The protocol's types, by method. */
export type { RequestId, RpcNotification } from './message.ts'
export type { CodexMethod, CodexParams, CodexResult } from './methods.ts'
export type {
  CodexNotification,
  CodexNotificationMethod,
  CodexNotificationParams,
} from './notifications.ts'
export type {
  CodexServerCall,
  CodexServerHandlers,
  CodexServerMethod,
  CodexServerParams,
  CodexServerResponse,
} from './server-requests.ts'

/** The protocol's types, by name: `protocol.Thread`, `protocol.ThreadItem`, ... */
export type * as protocol from './generated/v2/index.ts'
