// The checks beside the tests: what each is called and what it runs.
import { refusedLines } from '../../tooling/fences/src/sources.ts'
import { runTool, type ToolRun } from './spawn.ts'

export type Check = { name: string; run: () => Promise<ToolRun> }

const tool = (name: string, ...argv: string[]): Check => ({
  name,
  run: () => runTool({ argv, limitSeconds: 300 }),
})

const refuse = async (): Promise<ToolRun> => {
  const lines = await refusedLines('.')
  return { ok: lines.length === 0, output: lines.join('\n'), seconds: 0 }
}

/** Made before anything else looks at the sources. */
export const generation: readonly Check[] = [
  tool('protocol types', 'node', 'tooling/protocol/src/main.ts'),
]

/** Independent of each other. */
export const staticChecks: readonly Check[] = [
  tool('lint, fences', 'oxlint'),
  tool('types', 'tsc', '-p', 'tsconfig.json'),
  tool('dead code', 'knip', '--no-progress', '--no-config-hints'),
  tool('format', 'oxfmt', '--check', '.'),
  tool('package boundaries', 'turbo', 'boundaries', '--no-color'),
  tool('package manifests', 'sherif'),
  { name: 'sources', run: refuse },
]

/** What the tests of the shipped bins stand on. */
export const building: readonly Check[] = [
  tool('build', 'turbo', 'run', 'build', '--output-logs=errors-only', '--no-color'),
]
