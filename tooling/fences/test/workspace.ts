// A throw-away workspace with the live one's configuration and the seeded violations, and what each tool
// says of it. Each tool runs once, over all seeds.
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { refusedLines } from '../src/sources.ts'
import { dependencies, fences, type Holder, surroundings } from './seeds.ts'

const root = join(import.meta.dirname, '../../..')
const bin = join(root, 'node_modules/.bin')

const shared = [
  '.gitignore',
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'turbo.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'oxlint.config.ts',
  '.oxfmtrc.json',
  'knip.json',
  'vitest.config.ts',
  'tooling/fences/src',
]

const commands: Record<Exclude<Holder, 'sources'>, readonly string[]> = {
  oxlint: ['oxlint', '-f', 'unix'],
  boundaries: ['turbo', 'boundaries', '--no-color'],
  knip: ['knip', '--no-progress', '--no-config-hints'],
  sherif: ['sherif'],
  oxfmt: ['oxfmt', '--check', '.'],
}

const write = async (path: string, content: string) => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

const fill = async (folder: string) => {
  for (const path of shared) await cp(join(root, path), join(folder, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const seeded = fences.flatMap(({ path, content, fine = {} }) => [
    [path, content] as const,
    ...Object.entries(fine),
  ])
  for (const [path, content] of [...Object.entries(surroundings), ...seeded]) {
    await write(join(folder, path), content)
  }
  for (const [path, named] of Object.entries(dependencies)) {
    const name = `@dispatch/${path.slice(path.indexOf('/') + 1)}`
    const exports = { '.': './src/index.ts' }
    const manifest = { name, private: true, type: 'module', exports, dependencies: named }
    await write(join(folder, path, 'package.json'), JSON.stringify(manifest))
    await cp(join(root, path, 'turbo.json'), join(folder, path, 'turbo.json'))
  }
}

const say = (folder: string, [program = '', ...args]: readonly string[]): Promise<string> =>
  new Promise((done) => {
    const env = {
      ...process.env,
      PATH: [dirname(process.execPath), bin, process.env['PATH']].join(delimiter),
      NO_COLOR: '1',
      TURBO_TELEMETRY_DISABLED: '1',
    }
    // Every tool fails here, that is the point: what it says is looked at.
    execFile(join(bin, program), args, { cwd: folder, env }, (_error, stdout, stderr) =>
      done(`${stdout}${stderr}`),
    )
  })

/** What each tool says of the seeded workspace. */
export const report = async (): Promise<Record<Holder, string>> => {
  const folder = await mkdtemp(join(tmpdir(), 'fences-'))
  try {
    await fill(folder)
    const [oxlint, boundaries, knip, sherif, oxfmt, sources] = await Promise.all([
      say(folder, commands.oxlint),
      say(folder, commands.boundaries),
      say(folder, commands.knip),
      say(folder, commands.sherif),
      say(folder, commands.oxfmt),
      refusedLines(folder).then((lines) => lines.join('\n')),
    ])
    return { oxlint, boundaries, knip, sherif, oxfmt, sources }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
