/** One client over a pair of streams, a line a message; its end is the server's end. */
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { AppServer } from './app-server.ts'

export function serveStdio(server: AppServer, input: Readable, output: Writable): Promise<void> {
  const lines = createInterface({ input })
  const client = server.connect({
    write: (text) => void output.write(`${text}\n`),
    close: () => void output.end(),
  })
  lines.on('line', client.receive)
  return new Promise((resolve) => lines.once('close', resolve))
}
