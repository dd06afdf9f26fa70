// The settings that documents show are taken by who reads them: dispatch, Codex, and a host of MCP.
import { appendFile, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeWorld, type World } from '@dispatch/e2e'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeBlocks, readDocuments } from '../../src/documents.ts'

const blocks = readDocuments().flatMap(({ path, text }) =>
  codeBlocks(text).map(({ language, lines }) => ({ path, language, text: lines.join('\n') })),
)
const tomls = blocks.filter(({ language }) => language === 'toml')
const isOfCodex = ({ text }: { text: string }): boolean =>
  /^\[(?:mcp_servers|plugins)\./m.test(text)
const isScenario = ({ text }: { text: string }): boolean => text.includes('[[lanes]]')

const named = <Block extends { path: string; text: string }>(found: Block[]) =>
  found.map((block) => [`${block.path}: ${block.text.split('\n')[0]}`, block] as const)

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await mkdir(world.home, { mode: 0o700 })
  // What the examples of presets name.
  const texts = join(world.home, '.dispatch', 'instructions')
  await mkdir(texts, { recursive: true })
  for (const name of ['default.md', 'reviewer.md']) await writeFile(join(texts, name), 'Be brief.')
})
afterAll(() => world[Symbol.asyncDispose]())

/** What dispatch makes of that configuration. */
const configured = async (text: string) => {
  await writeFile(join(world.home, 'config.toml'), text)
  return world.dispatch(['config', 'show'])
}

describe('of dispatch', () => {
  const own = tomls.filter((block) => !isOfCodex(block) && !isScenario(block))

  test('a wrong one is refused', async () => {
    expect((await configured('[policy]\nreqests = "deny"')).code).not.toBe(0)
    expect((await configured('[lane_tools]\nmax_depth = "one"')).code).not.toBe(0)
  })

  test.each(named(own))('%s', async (_name, { text }) => {
    expect(await configured(text)).toMatchObject({ code: 0, stderr: '' })
  })
})

test('errors are printed as their page shows one', async () => {
  const shown = blocks.find(
    ({ path, language }) => path.endsWith('/errors.md') && language === 'json',
  )
  await configured('')
  const made = await world.dispatch(['new', '--name', 'docs', '--text', 'gate: docs'])
  const { ref, id } = made.json() as { ref: string; id: string }
  const refused = await world.dispatch(['send', '@docs', 'More.'])
  expect({ error: refused.error() }).toEqual(
    JSON.parse(
      shown?.text.replaceAll('0WHcD1', ref).replace(/01\w{6}-[\w-]+/, id) ?? '',
    ) as unknown,
  )
})

test('a host of MCP starts the server', async () => {
  const shown = blocks.find(({ text }) => text.includes('"mcpServers"'))
  const { mcpServers } = JSON.parse(shown?.text ?? '') as {
    mcpServers: { dispatch: { command: string; args: string[] } }
  }
  const { command, args } = mcpServers.dispatch
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'a', version: '1' },
  }
  const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`
  const answer = await world.bash([command, ...args].join(' '), { input })
  expect(answer).toMatchObject({ code: 0, stderr: '' })
  expect(answer.json()).toMatchObject({ id: 1, result: { serverInfo: { name: 'dispatch' } } })
})

describe('of Codex', () => {
  const listed = async (text: string) => {
    const config = join(world.codexHome, 'config.toml')
    await copyFile(config, `${config}.before`)
    await appendFile(config, `\n${text}`)
    const answer = await world.bash('codex mcp list --json')
    await copyFile(`${config}.before`, config)
    return answer
  }

  test.each(named(tomls.filter(isOfCodex)))('%s', async (_name, { text }) => {
    expect(await listed(text)).toMatchObject({ code: 0 })
    // Read, not passed over.
    expect(await listed(text.replace(/ = .*$/m, ' = [0]'))).not.toMatchObject({ code: 0 })
  })
})
