// What no tool has a rule for: sources may not switch a check off, and may not leave work for later.
import { glob, readFile } from 'node:fs/promises'
import type { ToolRun } from './spawn.ts'

const refused = [
  { pattern: /(?:oxlint|eslint|oxfmt|prettier)-(?:disable|ignore)/, why: 'switches a check off' },
  { pattern: /@ts-(?:ignore|expect-error|nocheck)/, why: 'switches the compiler off' },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, why: 'leaves work for later' },
]

const sources = '{apps,packages,tooling,scripts}/**/*.{ts,mjs}'
const skipped = /(?:^|\/)(?:node_modules|generated|build)\/|^scripts\/check\/sources\.ts$/

/** Why a line of a source is refused, or null. */
export const refusalOf = (line: string): string | null =>
  refused.find(({ pattern }) => pattern.test(line))?.why ?? null

/** Looks at every source below the working directory. */
export const refusals = async (): Promise<ToolRun> => {
  const started = performance.now()
  const found: string[] = []
  for await (const path of glob(sources, { exclude: (name) => name === 'node_modules' })) {
    if (skipped.test(path)) continue
    const lines = (await readFile(path, 'utf8')).split('\n')
    lines.forEach((line, index) => {
      const why = refusalOf(line)
      if (why !== null) found.push(`${path}:${index + 1}: ${why}`)
    })
  }
  return {
    ok: found.length === 0,
    output: found.join('\n'),
    seconds: (performance.now() - started) / 1_000,
  }
}
