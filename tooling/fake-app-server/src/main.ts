/**
 * The program: `codex --version`, `codex app-server` over stdio, `codex app-server --listen
 * unix://PATH`. CODEX_HOME keeps its threads, FAKE_CODEX_SCENARIO names a file of faults.
 */
import { existsSync, readFileSync } from 'node:fs'
import { makeAppServer } from './app-server.ts'
import { argumentsToInvocation } from './invocation.ts'
import type { Scenario } from './scenario.ts'
import { serveStdio } from './stdio.ts'
import { version } from './thread-record.ts'
import { serveWebSocket } from './websocket.ts'

function fail(message: string): never {
  process.stderr.write(`Error: ${message}\n`)
  process.exit(1)
}

function readScenario(): Scenario {
  const file = process.env['FAKE_CODEX_SCENARIO']
  return file === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Scenario)
}

function makeServer(scenario: Scenario) {
  const home = process.env['CODEX_HOME'] ?? fail('CODEX_HOME is not set')
  if (!existsSync(home)) fail(`CODEX_HOME points to "${home}", but that path does not exist`)
  return makeAppServer({
    home,
    scenario,
    exit: (code) => process.exit(code),
    process: { pid: process.pid, memoryBytes: () => process.memoryUsage.rss() },
  })
}

async function listen(path: string) {
  const scenario = readScenario()
  const outboundLimit = scenario.outboundLimit ?? Infinity
  const sockets = await serveWebSocket({ server: makeServer(scenario), path, outboundLimit })
  if (!sockets) fail('app-server control socket is already in use')
  process.stderr.write(`listening on ${path}\n`)
  process.once('SIGTERM', () => {
    void sockets[Symbol.asyncDispose]().then(() => process.exit(0))
  })
}

const invocation = argumentsToInvocation(process.argv.slice(2))
switch (invocation.kind) {
  case 'version':
    process.stdout.write(`codex-cli ${version}\n`)
    break
  case 'stdio':
    process.once('SIGTERM', () => process.exit(0))
    await serveStdio(makeServer(readScenario()), process.stdin, process.stdout)
    process.exit(0)
    break
  case 'socket':
    await listen(invocation.path)
    break
  case 'unknown':
    fail('the fake knows `--version` and `app-server [--listen unix://PATH]`')
}
