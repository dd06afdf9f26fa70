// What no tool has a rule for: sources may not switch a check off, and may not leave work for later.
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

type Refusal = { pattern: RegExp; why: string; except?: RegExp }

const refusals: readonly Refusal[] = [
  { pattern: /(?:oxlint|eslint|oxfmt|prettier)-(?:disable|ignore)/, why: 'switches a check off' },
  { pattern: /@ts-(?:ignore|nocheck)/, why: 'switches the compiler off' },
  {
    pattern: /@ts-expect-error/,
    why: 'switches the compiler off, which only tests of types may',
    except: /types\.test\.ts$/,
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, why: 'leaves work for later' },
]

const sources = '{apps,packages,tooling,scripts}/**/*.{ts,mjs}'
const skipped = /(?:^|\/)(?:node_modules|generated|build)\/|^tooling\/fences\//

const refusalOf = (path: string, line: string): string | null =>
  refusals.find(({ pattern, except }) => pattern.test(line) && !except?.test(path))?.why ?? null

/** What is refused in the sources below a folder, one line each. */
export const refusedLines = async (cwd: string): Promise<string[]> => {
  const found: string[] = []
  for await (const path of glob(sources, { cwd, exclude: (name) => name === 'node_modules' })) {
    if (skipped.test(path)) continue
    const lines = (await readFile(join(cwd, path), 'utf8')).split('\n')
    lines.forEach((line, index) => {
      const why = refusalOf(path, line)
      if (why !== null) found.push(`${path}:${index + 1}: ${why}`)
    })
  }
  return found
}
