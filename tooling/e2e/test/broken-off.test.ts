// The first Ctrl-C ends a command at once and quietly, wherever it is: while it reads, and while a
// daemon starts for it.
import { execFile } from 'node:child_process'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { processesOf } from '../src/processes.ts'
import { makeWorld } from '../src/world.ts'

test('while it reads standard input', async () => {
  await using world = await makeWorld({ codex: null })
  // More than a pipe holds: it is taken only by one who reads.
  const input = 'x'.repeat(1_000_000)
  await using sending = world.follow(['send', 'a', '--input-file', '-'], {
    input,
    keepsInput: true,
  })
  await sending.taken
  sending.signal('SIGINT')
  expect({ code: await sending.ended, errors: sending.errors() }).toEqual({ code: 130, errors: '' })
})

test('while it reads a file that somebody else still writes', async () => {
  await using world = await makeWorld({ codex: null })
  const fifo = join(world.root, 'fifo')
  await promisify(execFile)('mkfifo', [fifo])
  await using sending = world.follow(['send', 'a', '--input-file', fifo])
  // Opens only when there is a reader.
  const writer = await open(fifo, 'w')
  sending.signal('SIGINT')
  expect({ code: await sending.ended, errors: sending.errors() }).toEqual({ code: 130, errors: '' })
  await writer.close()
})

test('while a daemon starts, which goes on starting', async () => {
  await using world = await makeWorld({ codex: null })
  const fifo = join(world.root, 'fifo')
  await promisify(execFile)('mkfifo', [fifo])
  // Holds the start up until somebody writes.
  const hold = join(world.root, 'hold.mjs')
  await writeFile(
    hold,
    `import { readFileSync } from 'node:fs'
if (process.argv[2] === 'run') readFileSync(${JSON.stringify(fifo)})
`,
  )
  await using listing = world.follow(['list'], { env: { NODE_OPTIONS: `--import=${hold}` } })
  const writer = await open(fifo, 'w')
  listing.signal('SIGINT')
  expect({ code: await listing.ended, errors: listing.errors() }).toEqual({ code: 130, errors: '' })
  expect(processesOf(world.root)).toHaveLength(1)
  await writer.close()
  expect(await world.dispatch(['up'])).toMatchObject({ code: 0, stderr: '' })
})
