import { beforeAll, describe, expect, it } from 'vitest'
import { fences, type Holder } from './seeds.ts'
import { report } from './workspace.ts'

// Tools that report in lines name the path in the line of the finding; turbo and knip report in blocks.
const inLines = new Set<Holder>(['oxlint', 'oxfmt', 'sources'])

let said: Record<Holder, string>

beforeAll(async () => {
  said = await report()
})

const linesOf = (heldBy: Holder, path: string): string =>
  said[heldBy]
    .split('\n')
    .filter((line) => line.includes(path))
    .join('\n')

describe('every fence sees the violation that is seeded for it', () => {
  it.each(fences)('$fence ($heldBy)', ({ heldBy, path, says, fine = {} }) => {
    if (!inLines.has(heldBy)) {
      expect(said[heldBy]).toMatch(says)
      return
    }
    expect(linesOf(heldBy, path)).toMatch(says)
    for (const allowed of Object.keys(fine)) expect(linesOf(heldBy, allowed)).not.toMatch(says)
  })
})
