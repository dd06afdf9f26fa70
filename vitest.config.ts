// One run for all tests, in projects by tier. A test's tier is read off its path, so every test file
// belongs to exactly one; `pnpm test` fails on a test file that none of them ran.
import { defineConfig } from 'vitest/config'

const real = ['**/test/real/**/*.test.ts', '**/*.real.test.ts']
const faults = ['**/test/faults/**/*.test.ts', '**/*.faults.test.ts']
const surface = ['apps/{cli,mcp}/test/**/*.test.ts', 'tooling/{e2e,release}/test/**/*.test.ts']
const laws = ['packages/contract/test/**/*.test.ts', 'tooling/fences/test/**/*.test.ts']

type Tier = { name: string; include: string[]; not?: string[]; seconds: number }

const tiers: Tier[] = [
  {
    name: 'pure',
    include: ['{packages,apps,tooling}/*/src/**/*.test.ts'],
    not: [...real, ...faults],
    seconds: 20,
  },
  { name: 'laws', include: laws, seconds: 60 },
  {
    name: 'package',
    include: ['{packages,tooling}/*/test/**/*.test.ts'],
    not: [...laws, ...surface, ...real, ...faults],
    seconds: 30,
  },
  {
    name: 'daemon',
    include: ['apps/daemon/test/**/*.test.ts'],
    not: [...real, ...faults],
    seconds: 60,
  },
  { name: 'real', include: real, not: surface, seconds: 120 },
  { name: 'surface', include: surface, not: faults, seconds: 180 },
  { name: 'faults', include: faults, seconds: 300 },
]

export default defineConfig({
  test: {
    globalSetup: ['./scripts/check/isolation.ts'],
    maxWorkers: 2,
    retry: 0,
    projects: tiers.map(({ name, include, not = [], seconds }) => ({
      test: {
        name,
        include,
        exclude: ['**/node_modules/**', '**/build/**', ...not],
        pool: 'forks' as const,
        testTimeout: seconds * 1_000,
        hookTimeout: seconds * 1_000,
      },
    })),
  },
})
