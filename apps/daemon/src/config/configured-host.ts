// The host under the configuration: its environment, and the Codex that is to be run. Pure.
import type { DaemonConfig } from '@dispatch/contract'
import type { Host } from '../host/host.ts'

/** The host with `[daemon.env]` over its environment, and `[codex] bin` where Codex is looked for first. */
export const hostToConfigured = (host: Host, { codex, daemon }: DaemonConfig): Host => ({
  ...host,
  env: {
    ...host.env,
    ...daemon.env,
    ...(codex.bin === undefined ? {} : { DISPATCH_CODEX: codex.bin }),
  },
})
