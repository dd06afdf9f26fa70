// `pnpm test`: every check and every test, and at the end one line `N passed, N failed`. A check counts
// as one. Static checks run side by side; what needs a result of another comes after it.
import { availableParallelism } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { building, generation, staticChecks } from './check/static-checks.ts'
import { runTests } from './check/tests.ts'

const root = join(import.meta.dirname, '..')
process.chdir(root)
process.env.PATH = [
  dirname(process.execPath),
  join(root, 'node_modules/.bin'),
  process.env.PATH,
].join(delimiter)
process.env.TURBO_TELEMETRY_DISABLED = '1'
if (!process.stdout.isTTY) {
  delete process.env.FORCE_COLOR
  process.env.NO_COLOR = '1'
}

const say = (line) => process.stdout.write(`${line}\n`)
let passed = 0
let failed = 0

const runCheck = async ({ name, run }) => {
  const { ok, output, seconds } = await run()
  if (ok) passed += 1
  else failed += 1
  say(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) say(output.trimEnd().replace(/^/gm, '    '))
}

const runSideBySide = async (checks) => {
  const waiting = [...checks]
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await runCheck(next)
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane))
}

say('Checks')
for (const check of generation) await runCheck(check)
await runSideBySide(staticChecks)
for (const check of building) await runCheck(check)

say('Tests')
const tests = await runTests()
passed += tests.passed
failed += tests.failed
await runCheck({
  name: 'every test file ran once, nothing was left behind',
  run: async () => ({ ok: tests.wrong.length === 0, output: tests.wrong.join('\n'), seconds: 0 }),
})

say('')
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
