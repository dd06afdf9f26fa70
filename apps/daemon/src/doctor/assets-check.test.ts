import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootOf } from '../assets/agent-assets.ts'
import { version } from '../version.ts'
import { checkAssets } from './assets-check.ts'

const workspace = rootOf(new URL('../local.ts', import.meta.url).href)

const copied = () => {
  const folder = mkdtempSync(join(tmpdir(), 'assets-'))
  const root = join(folder, 'package')
  for (const name of ['skills', 'plugins', '.agents']) {
    cpSync(join(workspace, name), join(root, name), { recursive: true, dereference: true })
  }
  const codexHome = join(folder, 'codex')
  return {
    root,
    codexHome,
    look: () => checkAssets({ root, version, codexHome }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

test('they are well in the sources', () => {
  const codexHome = join(workspace, 'nowhere')
  expect(checkAssets({ root: workspace, version, codexHome })).toMatchObject({
    status: 'ok',
    data: { skills: join(workspace, 'skills'), installed: [] },
  })
})

test.each([
  ['a skill', 'skills/dm/SKILL.md', 'has no skill dm'],
  ['a skill of the plugin', 'plugins/dispatch/skills/dispatch/SKILL.md', 'has no skill dispatch'],
  ['the manifest', 'plugins/dispatch/.codex-plugin/plugin.json', 'is not of version'],
  ['the server', 'plugins/dispatch/.mcp.json', 'does not start dispatch'],
  ['the marketplace', '.agents/plugins/marketplace.json', 'does not list the plugin'],
])('%s that is missing or broken is named', (_what, path, said) => {
  using assets = copied()
  expect(assets.look().status).toBe('ok')
  writeFileSync(join(assets.root, path), '{}')
  expect(assets.look()).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining(said) as string,
    recovery: 'npm install -g outfitter-dispatch',
  })
  rmSync(join(assets.root, path))
  expect(assets.look()).toMatchObject({ detail: expect.stringContaining(said) as string })
})

test('a plugin of another version in Codex is renewed with Codex', () => {
  using assets = copied()
  const cache = join(assets.codexHome, 'plugins/cache/outfitter-dispatch/dispatch')
  mkdirSync(join(cache, '0.0.1'), { recursive: true })
  expect(assets.look()).toMatchObject({
    status: 'warn',
    summary: 'Codex has the plugin of version 0.0.1.',
    recovery: 'codex plugin add dispatch@outfitter-dispatch',
    data: { installed: ['0.0.1'] },
  })
  mkdirSync(join(cache, version))
  expect(assets.look()).toMatchObject({ status: 'ok' })
})
