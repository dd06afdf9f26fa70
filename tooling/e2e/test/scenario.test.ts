// A scenario with the caller's own login: what is lent to it, and what it is played on.
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScenarioResult } from '@dispatch/contract'
import { findCodexBinary } from '@dispatch/model-simulator/testing'
import { expect, test } from 'vitest'
import { makeWorld } from '../src/world.ts'

const scenario = `name = "mine"
preferred_model = "none-such"
allow_model_fallback = true

[[lanes]]
alias = "a"
prompt = "Say hi."
expect_contains = "hi"
`

test('with --real the login is there for as long as it plays, and a model that is offered is taken', async () => {
  await using world = await makeWorld({ openai: true })
  const { root, codexHome, model } = world
  const file = join(root, 'mine.toml')
  await writeFile(file, scenario)
  // The real Codex, with the simulator in the place of OpenAI; says whom it runs for.
  const codex = join(root, 'codex-of-mine')
  const { path } = findCodexBinary()
  await writeFile(
    codex,
    `#!/bin/sh
stat -c '%a %n' "$CODEX_HOME"/auth.json >> '${root}/lent'
exec '${path}' -c 'openai_base_url="${model.url}"' "$@"
`,
  )
  await chmod(codex, 0o755)
  const before = await readdir(codexHome)
  const options = { env: { DISPATCH_CODEX: codex, TMPDIR: root } }
  const answer = await world.dispatch(['scenario', file, '--real', '--keep-home'], options)
  const result = answer.json() as ScenarioResult
  expect({ code: answer.code, error: result.error }).toEqual({ code: 0, error: null })
  expect(result).toMatchObject({ status: 'ok', codex: 'real' })
  expect(result.notes).toEqual([
    `Codex does not offer none-such; played on ${result.model}.`,
    `The homes are kept in ${result.kept}.`,
  ])
  expect(model.requests.map((request) => request.model)).toContain(result.model)
  expect((await readFile(join(root, 'lent'), 'utf8')).split('\n')[0]).toBe(
    `600 ${result.kept}/codex/auth.json`,
  )
  expect(await readdir(`${result.kept}/codex`)).not.toContain('auth.json')
  expect(await readdir(codexHome)).toEqual(before)
})
