// What an install brings is named exactly, proven by its hash, and runs nothing.
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

type Manifest = Record<string, Record<string, string> | undefined>

const manifests = globSync(['package.json', '{apps,packages,tooling}/*/package.json'], {
  cwd: root,
}).map((path) => ({ path, manifest: JSON.parse(read(path)) as Manifest }))

const workspace = read('pnpm-workspace.yaml')
const lockfile = read('pnpm-lock.yaml')

const isExact = (version: string): boolean => /^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)

it('every dependency has one version', () => {
  const catalog = /^catalog:\n((?: {2}.+\n)+)/m.exec(workspace)?.[1] ?? ''
  const pinned = [...catalog.matchAll(/^ {2}(\S+): (\S+)$/gm)]
  expect(pinned.length).toBeGreaterThan(10)
  expect(pinned.filter(([, , version = '']) => !isExact(version))).toEqual([])
  const loose = manifests.flatMap(({ path, manifest }) =>
    ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {})
        .filter(([, version]) => !isExact(version) && !/^(?:catalog|workspace|link):/.test(version))
        .map(([name, version]) => `${path}: ${name} ${version}`),
    ),
  )
  expect(loose).toEqual([])
})

it('the lockfile proves every package by its hash, and none comes from elsewhere', () => {
  const resolutions = [...lockfile.matchAll(/^ {4}resolution: (.+)$/gm)].map(([, found]) => found)
  expect(resolutions.length).toBeGreaterThan(100)
  const unproven = resolutions.filter(
    (found) => !/^\{integrity: sha512-[\w+/=]+\}$/.test(found ?? ''),
  )
  expect(unproven).toEqual([])
})

it('no package runs code at install', () => {
  const allowed = /^allowBuilds:\n((?: {2}.+\n)+)/m.exec(workspace)?.[1] ?? ''
  const answers = [...allowed.matchAll(/^ {2}\S+: (\w+)$/gm)].map(([, answer]) => answer)
  expect(new Set(answers)).toEqual(new Set(['false']))
  const hooks = manifests.flatMap(({ path, manifest }) =>
    Object.keys(manifest['scripts'] ?? {})
      .filter((name) => /^(?:pre|post)?(?:install|prepare|pack|publish)$/.test(name))
      .map((name) => `${path}: ${name}`),
  )
  expect(hooks).toEqual([])
})
