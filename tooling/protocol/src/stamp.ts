// Says what a set of generated types was made from: the Codex version and the generator's own
// sources. Equal stamps mean that making them again would change nothing.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The file beside the generated modules that holds the stamp. */
export const STAMP_FILE = 'stamp.json'

/** One line that names the Codex version and the digest of the generator's `sources`. */
export async function makeStamp(codexVersion: string, sources: readonly string[]): Promise<string> {
  const digest = createHash('sha256')
  for (const text of await Promise.all(sources.map((path) => readFile(path)))) digest.update(text)
  return `${JSON.stringify({ codex: codexVersion, generator: digest.digest('hex') })}\n`
}

/** Whether `dir` was made under this stamp; a directory without one was not. */
export async function hasStamp(dir: string, stamp: string): Promise<boolean> {
  const found = await readFile(join(dir, STAMP_FILE), 'utf8').catch(() => undefined)
  return found === stamp
}
