// `pnpm protocol`: the protocol types of the pinned Codex, for packages/codex-client. A step before
// types and tests on a fresh clone; with fitting types in place it reads five files and ends.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { resolveCodexBinary } from '@dispatch/codex-client/binary'

import { generateProtocol } from './generate.ts'
import { makeStamp } from './stamp.ts'

const owner = join(import.meta.dirname, '../../../packages/codex-client')
const manifest = createRequire(import.meta.url).resolve('@openai/codex/package.json')
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
const sources = ['generate.ts', 'rewrite.ts', 'spawn.ts'].map((name) =>
  join(import.meta.dirname, name),
)

const made = await generateProtocol({
  binary: resolveCodexBinary(import.meta.filename),
  stamp: await makeStamp(version, sources),
  target: join(owner, 'src/generated'),
  // No tool walks this folder, should a killed run leave something behind.
  scratch: join(owner, 'node_modules/.cache'),
})
process.stdout.write(`protocol types of Codex ${version}: ${made ? 'made' : 'up to date'}\n`)
