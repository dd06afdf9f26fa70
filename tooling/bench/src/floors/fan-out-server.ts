// A floor, as a program: waits until so many have connected and said anything, then writes the same
// line to each of them, at a pace; each line begins with the time at which its turn had come.
//   node fan-out-server.ts SOCKET CONNECTIONS LINES EVERY_MS BYTES
import { createServer, type Socket } from 'node:net'

const [path = '', ...numbers] = process.argv.slice(2)
const [connections = 0, lines = 0, everyMs = 0, bytes = 0] = numbers.map(Number)

const sockets: Socket[] = []

const lineOf = (number: number, at: number): string =>
  JSON.stringify({ result: { data: { number, at, pad: 'x'.repeat(Math.max(0, bytes - 70)) } } })

const start = (): void => {
  const first = Date.now() + everyMs
  let sent = 0
  const timer = setInterval(() => {
    for (; sent < lines && Date.now() >= first + sent * everyMs; sent += 1) {
      const line = `${lineOf(sent, first + sent * everyMs)}\n`
      for (const socket of sockets) socket.write(line)
    }
    if (sent === lines) clearInterval(timer)
  }, 5)
}

const server = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.once('data', () => {
    sockets.push(socket)
    socket.write('{"result":{"type":"started"}}\n')
    if (sockets.length === connections) start()
  })
})
server.listen(path, () => process.stdout.write('ready\n'))
