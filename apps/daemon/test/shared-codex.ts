// Codex's own server, as its apps start it, and a daemon's place that joins it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CodexClient,
  type CodexNotification,
  connectCodex,
  connectListening,
  type CodexProcess,
  spawnSocketServer,
} from '@dispatch/codex-client'
import { findCodexBinary } from '@dispatch/model-simulator/testing'
import { controlSocketOf } from '../src/codex/shared-server.ts'
import type { Place } from './composed.ts'

/** Says in the configuration of that place which connection it is, and what comes with it. */
export const useConnection = ({ root }: Place, connection: string, more = ''): void =>
  writeFileSync(join(root, 'home', 'config.toml'), `[codex]\nconnection = "${connection}"\n${more}`)

/** Where Codex's own server of that place listens. */
export const sharedSocketOf = ({ root }: Place): string => controlSocketOf(join(root, 'codex'))

/** Another program on that server, as a terminal is. */
export const joinShared = async (
  place: Place,
  onNotification: (notification: CodexNotification) => void,
): Promise<CodexClient> =>
  await connectCodex({
    transport: await connectListening({ socketPath: sharedSocketOf(place) }),
    clientInfo: { name: 'other', title: 'other', version: '1' },
    onFault: () => undefined,
    onNotification,
  })

/** Starts it; it ends when it is disposed. */
export const startSharedCodex = async (place: Place): Promise<CodexProcess> => {
  const server = await spawnSocketServer({
    binary: findCodexBinary().path,
    codexHome: join(place.root, 'codex'),
    env: { PATH: process.env.PATH, HOME: place.root },
    cwd: place.work,
    stderr: 'ignore',
    // What `codex` itself says: its own place.
    socketPath: '',
  })
  await using _ready = await joinShared(place, () => undefined)
  return server
}
