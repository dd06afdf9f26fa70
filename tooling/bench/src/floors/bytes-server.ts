// A floor, as a program: a raw stream of the bytes of a file to whoever connects and says anything.
//   node bytes-server.ts SOCKET FILE
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const CHUNK = 64 * 1024

const bytes = readFileSync(process.argv[3] ?? '')

const server = createServer((socket) => {
  let sent = 0
  const send = (): void => {
    while (sent < bytes.length) {
      const chunk = bytes.subarray(sent, sent + CHUNK)
      sent += chunk.length
      if (!socket.write(chunk)) return
    }
  }
  socket.on('drain', send)
  socket.once('data', send)
  socket.on('error', () => undefined)
})
server.listen(process.argv[2], () => process.stdout.write('ready\n'))
