// connection = "stdio": a plain child, for isolated use. It ends with the daemon, and its turns with it.
import { spawnStdioServer } from '@dispatch/codex-client'
import { hostToServerEnv, introduce, type Obtain } from './connected-server.ts'
import { identify } from './process-identity.ts'
import { endRecorded } from './server.ts'
import { openServerLog } from './server-log.ts'

/** Starts it. */
export const obtainChild: Obtain = async (options, binary) => {
  const { host, codexHome, records } = options
  if (binary === null) throw new Error('no codex to start')
  await endRecorded(options)
  using log = openServerLog(options.logFile)
  const child = await spawnStdioServer({
    binary,
    codexHome,
    env: hostToServerEnv(host),
    cwd: options.cwd,
    stderr: log.fd,
  })
  const process = identify(child.pid)
  // A child that does not end with its daemon is ended by the next one.
  records.set({ ...process, socket: '', binary, codexHome })
  const end = async (): Promise<void> => {
    await child.terminate()
    // Also what it left behind, where it had to be killed.
    await endRecorded(options)
  }
  try {
    const client = await introduce(options, child.transport)
    const release = async (): Promise<void> => {
      await client[Symbol.asyncDispose]()
      await end()
    }
    return { client, process, socket: null, binary, joined: false, kill: end, release }
  } catch (error) {
    await end()
    throw error
  }
}
