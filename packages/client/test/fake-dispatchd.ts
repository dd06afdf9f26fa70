// A dispatchd by script, as a program: `run` takes the home by a socket that only one can bind, says on
// fd 3 how it went and answers calls; FAKE says what it does otherwise. `local down` answers as JSON.
import { appendFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'

const { env, pid } = process
const home = env.DISPATCH_HOME ?? ''
const socket = `${home}/dispatchd.sock`

const tell = (message: unknown): void => {
  writeSync(Number(env.DISPATCH_READY_FD), `${JSON.stringify(message)}\n`)
}

const status = {
  status: 'running',
  pid,
  version: env.FAKE_VERSION ?? '1.0.0',
  socket,
  pidfile: `${home}/dispatchd.pid`,
  codex: { state: 'unavailable', error: 'There is no Codex.' },
  warnings: ['There is no Codex.'],
}

const serve = (connection: Socket): void => {
  let rest = ''
  connection.setEncoding('utf8')
  connection.on('error', () => undefined)
  connection.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const { hello, id, params } = JSON.parse(line)
      const send = (message: unknown) => connection.write(`${JSON.stringify(message)}\n`)
      if (hello) send({ hello: { wire: 1, version: status.version, contract: '', pid } })
      else if (params.path !== 'daemon.shutdown') send({ id, result: { data: status } })
      else {
        appendFileSync(`${home}/shutdowns`, `${JSON.stringify(params.input)}\n`)
        send({ id, result: { data: { pid, codexPid: null } } })
        setImmediate(() => {
          rmSync(socket)
          process.exit()
        })
      }
    }
  })
}

const run = (): void => {
  appendFileSync(`${home}/starts`, `${pid}\n`)
  writeFileSync(`${home}/env-${pid}`, JSON.stringify({ env, cwd: process.cwd() }))
  if (env.FAKE === 'error') {
    tell({
      error: { code: 'conflict', message: 'No.', hint: null, retryable: false, details: null },
    })
  } else if (env.FAKE === 'crash') {
    process.stderr.write('it broke here\n')
    process.exitCode = 1
  } else if (env.FAKE === 'hang') {
    process.stderr.write('it hangs here\n')
    setInterval(() => undefined, 1_000)
  } else {
    const server = createServer(serve)
    // A held home: the path is taken, which on this socket only one can have.
    server.on('error', () => tell({ held: true, pid: null }))
    server.listen(socket, () => tell({ ready: true, pid, socket }))
  }
}

const [command] = process.argv.slice(2)
if (command === 'run') run()
else if (env.FAKE === 'held') {
  appendFileSync(`${home}/downs`, `${pid}\n`)
  const details = { reason: 'held' }
  const error = { code: 'conflict', message: 'Held.', hint: null, retryable: false, details }
  process.stdout.write(`${JSON.stringify({ error })}\n`)
  process.exitCode = 9
} else {
  const answer = { status: 'not_running', pid: null, codexPid: 7, removed: ['x'] }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
