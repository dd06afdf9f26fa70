// A floor, as a program: JSON lines over a Unix socket without dispatch. Its first line names the
// answer; every other line is parsed and answered with that object under the line's id.
//   node echo-server.ts SOCKET
import { createServer } from 'node:net'
import { makeLines } from './lines.ts'

type Line = { answer?: unknown; id?: number }

const server = createServer((socket) => {
  let answer: unknown = null
  let replies = ''
  const read = makeLines((text) => {
    const line = JSON.parse(text) as Line
    if (line.answer !== undefined) answer = line.answer
    replies += `${JSON.stringify({ id: line.id ?? 0, result: { data: answer } })}\n`
  })
  socket.on('data', (chunk: Buffer) => {
    read(chunk)
    const lines = replies
    replies = ''
    // What came together is answered together: the floor is to be hard.
    socket.write(lines)
  })
  socket.on('error', () => undefined)
})
server.listen(process.argv[2], () => process.stdout.write('ready\n'))
