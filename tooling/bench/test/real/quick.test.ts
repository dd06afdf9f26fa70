// That the bench runs: the rows of each kind that are quick, with the work of each looked at by itself.
// The others take too long for a test: they wait for minutes, fill large registries or play 100 turns.
// They are built of the same parts; `pnpm bench --quick` runs them all.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@dispatch/e2e'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/measure/finding.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

// By the name for --only, what each says.
const quick: Record<string, string[]> = {
  command: ['list', 'list-all', 'help', 'send-help'],
  calls: ['status-warm', 'status-64'],
  followers: ['followers', 'followers-cpu', 'followers-deaf'],
  degraded: ['degraded', 'degraded-up'],
  sync: ['sync', 'sync-memory', 'sync-again'],
}

const bench = (...args: string[]) => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )
  return run({ command: process.execPath, args: [program, ...args], env, cwd: tmpdir() })
}

test('quick rows are measured, judged and written down', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dsp-bench-'))
  await using _folder = {
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
  const only = Object.keys(quick).flatMap((name) => ['--only', name])
  const ran = await bench('--quick', '--results', folder, ...only)
  expect({ code: ran.code, failed: /.* failed: .*/.exec(ran.stderr)?.[0] }).toEqual({ code: 0 })

  const [file = ''] = await readdir(folder)
  const { findings } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
    findings: Finding[]
  }
  expect(findings.map(({ row }) => row)).toEqual(Object.values(quick).flat())
  for (const { row, figure, bar } of findings) {
    expect({ row, isNumber: Number.isFinite(figure.median), bar }).toEqual({
      row,
      isNumber: true,
      bar: expect.stringMatching(/^(?:p99 )?[<>]= /) as string,
    })
    expect(ran.stdout).toMatch(new RegExp(`^${row} .*(?:met|NOT MET)`, 'm'))
  }
})

test('a row that there is not is refused, with those that there are', async () => {
  const { code, stderr } = await bench('--only', 'none')
  expect(code).toBe(1)
  for (const name of [...Object.keys(quick), 'turns', 'query']) expect(stderr).toContain(name)
})
