import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSource, readText } from './text-source.ts'

const makeFolder = () => {
  const path = mkdtempSync(join(tmpdir(), 'dispatch-text-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
const reading = { limit: 1_000_000, signal: new AbortController().signal }

test('a file, and one that another program writes as it goes', async () => {
  using folder = makeFolder()
  const file = join(folder.path, 'file')
  writeFileSync(file, 'whole')
  expect(await readText(fileSource(file), reading)).toBe('whole')
  const fifo = join(folder.path, 'fifo')
  execFileSync('mkfifo', [fifo])
  const text = readText(fileSource(fifo), reading)
  const writer = await open(fifo, 'w')
  await writer.write('x'.repeat(200_000))
  await writer.write('end')
  await writer.close()
  expect(await text).toBe(`${'x'.repeat(200_000)}end`)
})

test('what cannot be read, in words', async () => {
  using folder = makeFolder()
  const read = (name: string) => readText(fileSource(join(folder.path, name)), reading)
  await expect(read('absent')).rejects.toThrow('there is no such file')
  await expect(read('.')).rejects.toThrow('it is a directory')
})

test('it is given up at once, though nobody ever writes', async () => {
  using folder = makeFolder()
  const fifo = join(folder.path, 'fifo')
  execFileSync('mkfifo', [fifo])
  const abort = new AbortController()
  const text = readText(fileSource(fifo), { ...reading, signal: abort.signal })
  abort.abort(new Error('Ctrl-C'))
  await expect(text).rejects.toThrow('Ctrl-C')
  // The reader that it left is let go.
  await (await open(fifo, 'w')).close()
})
