// The programs and the JSON that documents show: those of the tools are compiled and run here; the others
// have tests of their own, which are named.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@dispatch/e2e'
import { expect, test } from 'vitest'
import { codeBlocks, readDocuments, root } from '../src/documents.ts'

const elsewhere = {
  // tooling/release/test/client.test.ts compiles both and plays the first.
  'docs/client.md': ['ts', 'ts'],
  // real/settings.test.ts starts what it names.
  'docs/guide/agents.md': ['json'],
  // real/settings.test.ts compares it with what is printed.
  'docs/reference/errors.md': ['json'],
}

const blocks = readDocuments().flatMap(({ path, text }) =>
  codeBlocks(text)
    .filter(({ language }) => ['ts', 'json'].includes(language))
    .map(({ language, lines }) => ({ path, language, text: lines.join('\n') })),
)

const blockOf = (path: string): string => blocks.find((block) => block.path === path)?.text ?? ''

const sourceOf = (name: string): string =>
  fileURLToPath(new URL(`tooling/${name}/src/index.ts`, root))

const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` }

const makeFolder = async (stack: AsyncDisposableStack): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'dsp-programs-'))
  stack.defer(() => rm(folder, { recursive: true }))
  return folder
}

/** What the compiler says of a program that imports sources of the workspace. */
const compiled = async (program: string): Promise<{ code: number | null; stdout: string }> => {
  await using stack = new AsyncDisposableStack()
  const folder = await makeFolder(stack)
  const names = ['model-simulator', 'fake-app-server']
  const compilerOptions = {
    paths: Object.fromEntries(names.map((name) => [`@dispatch/${name}`, [sourceOf(name)]])),
    noEmit: true,
    typeRoots: [fileURLToPath(new URL('node_modules/@types', root))],
  }
  await writeFile(join(folder, 'program.mts'), program)
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: fileURLToPath(new URL('tsconfig.base.json', root)),
      compilerOptions,
      files: ['program.mts'],
    }),
  )
  const command = fileURLToPath(new URL('node_modules/.bin/tsc', root))
  return await run({ command, args: ['--project', folder], env, cwd: folder })
}

test('each has its test', () => {
  const shown = Object.groupBy(blocks, ({ path }) => path)
  const languages = Object.entries(shown).map(([path, ofPage = []]) => [
    path,
    ofPage.map(({ language }) => language),
  ])
  expect(Object.fromEntries(languages)).toEqual({
    ...elsewhere,
    'tooling/fake-app-server/README.md': ['json'],
    'tooling/model-simulator/README.md': ['ts'],
  })
})

test('that of the model simulator compiles, and runs', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await makeFolder(stack)
  const program = blockOf('tooling/model-simulator/README.md')
  expect(await compiled(program)).toMatchObject({ code: 0, stdout: '' })
  const file = join(folder, 'program.mts')
  const home = join(folder, 'codex')
  await writeFile(
    file,
    program
      .replace('@dispatch/model-simulator', sourceOf('model-simulator'))
      .replaceAll('/an/empty/directory', home),
  )
  const ran = await run({ command: process.execPath, args: [file], env, cwd: folder })
  expect(ran).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await readFile(join(home, 'config.toml'), 'utf8')).toContain('http://127.0.0.1:')
})

test('the faults of the fake app-server compile, and wrong ones do not', async () => {
  const program = (scenario: string): string =>
    `import type { Scenario } from '@dispatch/fake-app-server'\nexport const scenario: Scenario = ${scenario}`
  const scenario = blockOf('tooling/fake-app-server/README.md')
  expect(await compiled(program(scenario))).toMatchObject({ code: 0, stdout: '' })
  const wrong = await compiled(program(scenario.replace('"exitAt"', '"leavesAt"')))
  expect(wrong.stdout).toContain('leavesAt')
})
