// The programs that stand in the documentation of the client.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { workspace } from '../src/layout.ts'

/** Its TypeScript, block by block. */
export const readPrograms = async (): Promise<string[]> => {
  const page = await readFile(join(workspace, 'docs/client.md'), 'utf8')
  return [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program = '']) => program)
}
