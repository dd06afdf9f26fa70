/**
 * Runs a simulator by hand until it is interrupted: the URL and a CODEX_HOME for it to stderr, every
 * request as a line of JSON to stdout. `POST /gates/NAME` opens a gate.
 *
 *   node src/main.ts [--port N] [--scenario RULES.json] [--codex-home DIRECTORY]
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { codexConfig, prepareCodexHome } from './codex-config.ts'
import { makeModelSimulator } from './model-simulator.ts'
import { rulesToScenario } from './scenario.ts'
import type { ScenarioRule } from './scenario.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    scenario: { type: 'string' },
    'codex-home': { type: 'string' },
  },
})
const scenarioFile = values.scenario
const rules =
  scenarioFile === undefined
    ? undefined
    : (JSON.parse(await readFile(scenarioFile, 'utf8')) as ScenarioRule[])

await using simulator = await makeModelSimulator({
  port: Number(values.port),
  ...(rules === undefined ? {} : { scenario: rulesToScenario(rules) }),
  onRequest: ({ rawBody: _rawBody, instructions: _instructions, ...request }) =>
    process.stdout.write(`${JSON.stringify(request)}\n`),
})
const { url } = simulator
const home = values['codex-home']
process.stderr.write(`${url}\n\n${codexConfig({ url })}\n`)
if (home !== undefined)
  process.stderr.write(`CODEX_HOME=${await prepareCodexHome(home, { url })}\n`)

await new Promise((resolve) => {
  process.once('SIGINT', resolve)
  process.once('SIGTERM', resolve)
})
