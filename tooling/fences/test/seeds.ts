// One violation for each fence, as files of a throw-away workspace, and beside it what is allowed and
// looks much the same. A fence that reports nothing here sees nothing anywhere.

/** The tool that holds a fence. */
export type Holder = 'oxlint' | 'boundaries' | 'knip' | 'sherif' | 'oxfmt' | 'sources'

export type Fence = {
  fence: string
  heldBy: Holder
  /** Path and content of what breaks it. */
  path: string
  content: string
  /** In the tool's report, beside the path. */
  says: RegExp
  /** Files that the tool must not name for this fence. */
  fine?: Record<string, string>
}

const readsProcess = 'export const home = process.env.HOME\n'
const startsProcess = "import { spawn } from 'node:child_process'\n\nexport const start = spawn\n"
const usesSql =
  "import Database from 'better-sqlite3'\n\nexport const open = () => new Database('x')\n"
const readsClock = 'export const now = () => Date.now()\n'
const newDate = 'export const today = () => new Date()\n'
const readsDef = 'export const def = (router: { _def: unknown }) => router._def\n'
const lines = (count: number) =>
  `${"export const text = ''\n".repeat(1)}${'// line\n'.repeat(count)}`
const bothWords =
  "import type { protocol } from '@dispatch/codex-client'\nimport type { LaneStatus } from '@dispatch/contract'\n\nexport type Pair = [protocol.Thread, LaneStatus]\n"

export const fences: readonly Fence[] = [
  {
    fence: 'process only in main.ts',
    heldBy: 'oxlint',
    path: 'packages/store/src/reads-process.ts',
    content: readsProcess,
    says: /no-restricted-globals/,
    fine: { 'apps/cli/src/main.ts': readsProcess, 'packages/store/src/a.test.ts': readsProcess },
  },
  {
    fence: 'globalThis.process only in main.ts',
    heldBy: 'oxlint',
    path: 'packages/store/src/reads-global.ts',
    content: 'export const home = globalThis.process.env.HOME\n',
    says: /no-restricted-globals/,
  },
  {
    fence: 'node:process only in main.ts',
    heldBy: 'oxlint',
    path: 'packages/client/src/imports-process.ts',
    content: "import { env } from 'node:process'\n\nexport const home = env.HOME\n",
    says: /no-restricted-imports/,
  },
  {
    fence: 'child processes only in spawn.ts',
    heldBy: 'oxlint',
    path: 'packages/client/src/starts.ts',
    content: startsProcess,
    says: /no-restricted-imports/,
    fine: {
      'packages/client/src/spawn.ts': startsProcess,
      'packages/client/src/child.ts':
        "import type { ChildProcess } from 'node:child_process'\n\nexport type Child = ChildProcess\n",
    },
  },
  {
    fence: 'child processes only in spawn.ts, by import() too',
    heldBy: 'oxlint',
    path: 'packages/client/src/starts-late.ts',
    content: "export const start = async () => (await import('node:child_process')).spawn\n",
    says: /no-restricted-imports/,
  },
  {
    fence: 'SQL only in the store',
    heldBy: 'oxlint',
    path: 'apps/daemon/src/lanes/sql.ts',
    content: usesSql,
    says: /no-restricted-imports/,
    fine: { 'packages/store/src/sql.ts': usesSql, 'apps/daemon/src/lock/lock.ts': usesSql },
  },
  {
    fence: 'Date.now only in clock.ts',
    heldBy: 'oxlint',
    path: 'packages/store/src/reads-clock.ts',
    content: readsClock,
    says: /fences\(clock\)/,
    fine: {
      'apps/daemon/src/clock/clock.ts': readsClock,
      'packages/store/src/instant.ts':
        'export const toIso = (at: number) => new Date(at).toISOString()\n',
    },
  },
  {
    fence: 'new Date() only in clock.ts',
    heldBy: 'oxlint',
    path: 'packages/store/src/makes-date.ts',
    content: newDate,
    says: /fences\(clock\)/,
  },
  {
    fence: '_def only in walk.ts',
    heldBy: 'oxlint',
    path: 'packages/contract/src/reads-def.ts',
    content: readsDef,
    says: /no-restricted-properties/,
    fine: { 'packages/contract/src/walk.ts': readsDef },
  },
  {
    fence: 'a room imports no value of another',
    heldBy: 'oxlint',
    path: 'apps/daemon/src/turns/other-room.ts',
    content: "import { makeLanes } from '../lanes/lanes.ts'\n\nexport const lanes = makeLanes()\n",
    says: /fences\(rooms\)/,
    fine: {
      'apps/daemon/src/lanes/lanes.ts':
        'export const makeLanes = () => 1\nexport const laneToRow = () => 1\nexport type Lanes = number\n',
      'apps/daemon/src/turns/typed.ts':
        "import { laneToRow, type Lanes } from '../lanes/lanes.ts'\n\nexport const own: Lanes = laneToRow()\n",
      'apps/daemon/src/events/log.ts': 'export const append = 1\n',
      'apps/daemon/src/turns/logs.ts': "export { append } from '../events/log.ts'\n",
      'apps/daemon/src/compose.ts': "export { makeLanes } from './lanes/lanes.ts'\n",
      'apps/daemon/src/compose/ground.ts': "export { makeLanes } from '../lanes/lanes.ts'\n",
    },
  },
  {
    fence: 'a room does not load another by import()',
    heldBy: 'oxlint',
    path: 'apps/daemon/src/turns/loads-room.ts',
    content: "export const lanes = () => import('../lanes/lanes.ts')\n",
    says: /fences\(rooms\)/,
  },
  {
    fence: 'nothing imports the composition root',
    heldBy: 'oxlint',
    path: 'apps/daemon/src/turns/root.ts',
    content: "export type { makeLanes } from '../compose.ts'\n",
    says: /fences\(rooms\)/,
  },
  {
    fence: 'nothing imports a part of the composition root',
    heldBy: 'oxlint',
    path: 'apps/daemon/src/turns/part-of-root.ts',
    content: "export type { makeLanes } from '../compose/ground.ts'\n",
    says: /fences\(rooms\)/,
  },
  {
    fence: 'only translate*.ts speaks both vocabularies',
    heldBy: 'oxlint',
    path: 'apps/daemon/src/codex/speaks.ts',
    content: bothWords,
    says: /fences\(vocabularies\)/,
    fine: { 'apps/daemon/src/codex/translate-thread.ts': bothWords },
  },
  {
    fence: 'no import cycle, types included',
    heldBy: 'oxlint',
    path: 'packages/store/src/cycle-a.ts',
    content: "import type { B } from './cycle-b.ts'\n\nexport type A = B | null\n",
    says: /import\(no-cycle\)/,
    fine: {},
  },
  {
    fence: 'a file has at most 400 lines',
    heldBy: 'oxlint',
    path: 'packages/store/src/long.ts',
    content: lines(400),
    says: /max-lines/,
    fine: {
      'packages/store/src/full.ts': lines(399),
      'packages/store/src/long.test.ts': lines(400),
      'packages/store/src/generated/long.ts': lines(400),
    },
  },
  {
    fence: 'a promise is awaited (rules that know types)',
    heldBy: 'oxlint',
    path: 'packages/store/src/floats.ts',
    content: 'export const begin = (work: () => Promise<void>) => {\n  work()\n}\n',
    says: /no-floating-promises/,
  },
  {
    fence: 'no any',
    heldBy: 'oxlint',
    path: 'packages/store/src/anything.ts',
    content: 'export type Anything = any\n',
    says: /no-explicit-any/,
  },
  {
    fence: 'no skipped test',
    heldBy: 'oxlint',
    path: 'packages/store/src/skipped.test.ts',
    content: "import { it } from 'vitest'\n\nit.skip('does', () => {})\n",
    says: /no-disabled-tests/,
  },
  {
    fence: 'a package imports only what its place allows',
    heldBy: 'boundaries',
    path: 'packages/contract/src/reaches-down.ts',
    content: "export type { Row } from '@dispatch/store'\n",
    says: /tag listed in\s+\|? ?allowlist for[\s|]+`@dispatch\/contract`/,
  },
  {
    fence: 'a surface never imports the daemon',
    heldBy: 'boundaries',
    path: 'apps/cli/src/reaches-over.ts',
    content: "export type { Daemon } from '@dispatch/daemon'\n",
    says: /`@dispatch\/daemon` found without any tag listed in[\s|]+allowlist[\s|]+for[\s|]+`@dispatch\/cli`/,
  },
  {
    fence: 'a package imports only what it names',
    heldBy: 'boundaries',
    path: 'packages/client/src/unnamed.ts',
    content: "export { pino } from 'pino'\n",
    says: /cannot import package `pino`/,
  },
  {
    fence: 'a package imports no file of another',
    heldBy: 'boundaries',
    path: 'packages/client/src/trespass.ts',
    content: "export * from '../../store/src/sql.ts'\n",
    says: /leaves the package/,
  },
  {
    fence: 'no file that nothing uses',
    heldBy: 'knip',
    path: 'packages/store/src/orphan.ts',
    content: 'export const orphan = 1\n',
    says: /Unused files/,
  },
  {
    fence: 'no export that nothing uses',
    heldBy: 'knip',
    path: 'packages/codex-client/src/index.ts',
    content: "import { used } from './used.ts'\n\nexport const entry = used\n",
    says: /unusedThing\s+packages\/codex-client\/src\/used\.ts/,
    fine: {
      'packages/codex-client/src/used.ts': 'export const used = 1\nexport const unusedThing = 2\n',
    },
  },
  {
    fence: 'one version of everything',
    heldBy: 'sherif',
    path: 'tooling/bench/package.json',
    content:
      '{ "name": "@dispatch/bench", "private": true, "type": "module", "dependencies": { "ws": "8.0.0" } }\n',
    says: /ws/,
    fine: {
      'tooling/e2e/package.json':
        '{ "name": "@dispatch/e2e", "private": true, "type": "module", "dependencies": { "ws": "8.1.0" } }\n',
    },
  },
  {
    fence: 'one format',
    heldBy: 'oxfmt',
    path: 'packages/store/src/unformatted.ts',
    content: 'export const   a = "b";\n',
    says: /unformatted\.ts/,
  },
  {
    fence: 'no check is switched off',
    heldBy: 'sources',
    path: 'packages/store/src/disables.ts',
    content: '// oxlint-disable-next-line no-debugger\nexport const a = 1\n',
    says: /switches a check off/,
  },
  {
    fence: 'the compiler is not switched off',
    heldBy: 'sources',
    path: 'packages/store/src/expects.ts',
    content: '// @ts-expect-error\nexport const a: string = 1\n',
    says: /switches the compiler off/,
    fine: {
      'packages/store/src/types.test.ts': '// @ts-expect-error\nexport const a: string = 1\n',
    },
  },
  {
    fence: 'no work is left for later',
    heldBy: 'sources',
    path: 'packages/store/src/later.ts',
    content: '// TODO: more\nexport const a = 1\n',
    says: /leaves work for later/,
  },
]

/** What the seeds need around them: the other end of a cycle, packages that name what they import. */
export const surroundings: Record<string, string> = {
  'packages/store/src/cycle-b.ts':
    "import type { A } from './cycle-a.ts'\n\nexport type B = A | undefined\n",
}

/** Dependencies that seeded packages name. */
export const dependencies: Record<string, Record<string, string>> = {
  'packages/contract': { '@dispatch/store': 'workspace:*' },
  'packages/store': {},
  'packages/client': {},
  'packages/codex-client': {},
  'apps/cli': { '@dispatch/daemon': 'workspace:*' },
  'apps/daemon': {},
}
