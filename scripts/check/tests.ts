// Runs vitest once, counts its tests, and looks afterwards whether it ran every test file and left
// nothing behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { findLeaks } from '../../tooling/fences/src/leaks.ts'
import { runTool } from './spawn.ts'

/** What vitest's JSON reporter says, as far as it is read here. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { name: string; status: string; assertionResults: unknown[] }[]
}

/** Tests passed, and one line for each thing that is wrong. Failed tests were shown by vitest itself. */
export type TestRun = { passed: number; failed: number; wrong: string[] }

const testFiles = async (): Promise<string[]> => {
  const files: string[] = []
  const options = { exclude: (name: string) => /^(?:node_modules|build|generated)$/.test(name) }
  for await (const path of glob('{apps,packages,tooling}/**/*.test.ts', options)) files.push(path)
  return files
}

const fileFaults = (report: Report, expected: string[]): string[] => {
  const ran = report.testResults.map(({ name }) => relative('.', name))
  return [
    ...expected.filter((path) => !ran.includes(path)).map((path) => `${path}: in no tier, not run`),
    ...ran.filter((path, at) => ran.indexOf(path) !== at).map((path) => `${path}: in two tiers`),
    // A file that fails before its first test counts no test.
    ...report.testResults
      .filter(
        ({ status, assertionResults }) => status !== 'passed' && assertionResults.length === 0,
      )
      .map(({ name }) => `${relative('.', name)}: could not be run`),
  ]
}

/** Runs all tests. */
export const runTests = async (): Promise<TestRun> => {
  const folder = mkdtempSync('/tmp/dt-')
  const json = join(folder, 'report.json')
  const argv = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${json}`]
  try {
    const env = { DISPATCH_TEST_FOLDER: folder }
    const { ok } = await runTool({ argv, env, live: true, limitSeconds: 1_500 })
    const report = JSON.parse(await readFile(json, 'utf8').catch(() => 'null')) as Report | null
    if (report === null) return { passed: 0, failed: 0, wrong: ['vitest gave no report'] }
    const wrong = fileFaults(report, await testFiles())
    if (report.numPendingTests > 0) wrong.push(`${report.numPendingTests} tests were skipped`)
    wrong.push(...(await findLeaks(folder)).map((leak) => `left behind: ${leak}`))
    if (!ok && report.numFailedTests === 0 && wrong.length === 0) wrong.push('vitest failed')
    return { passed: report.numPassedTests, failed: report.numFailedTests, wrong }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
