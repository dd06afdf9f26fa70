import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeCodexHomeTemplate } from '../src/testing/index.ts'

it('is made once by several at once, and copied with a configuration of its own', async () => {
  await using stack = new AsyncDisposableStack()
  const parent = await mkdtemp(join(tmpdir(), 'template-'))
  stack.defer(() => rm(parent, { recursive: true, force: true }))
  const [template, other] = await Promise.all([
    makeCodexHomeTemplate({ parent }),
    makeCodexHomeTemplate({ parent }),
  ])
  expect(other.path).toBe(template.path)
  expect(await readdir(parent)).toHaveLength(1)
  const home = await template.copyTo(join(parent, 'home'), { url: 'http://127.0.0.1:1/v1' })
  expect(await readFile(join(home, 'config.toml'), 'utf8')).toContain('http://127.0.0.1:1/v1')
  expect(await readdir(home)).toContain('state_5.sqlite')
})
