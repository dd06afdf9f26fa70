// Makes the generated protocol types of one Codex binary in one directory, or leaves them alone
// when their stamp fits. They are made aside and moved in whole, so that a reader or a second run
// never sees half of them.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { withExtensions } from './rewrite.ts'
import { generateBindings } from './spawn.ts'
import { hasStamp, STAMP_FILE } from './stamp.ts'

export interface Generation {
  readonly binary: string
  readonly stamp: string
  readonly target: string
  /** Where they are made: on the file system of `target`, so that the move is one rename. */
  readonly scratch: string
}

/** True when the types were made, false when what is there already fits. */
export async function generateProtocol(generation: Generation): Promise<boolean> {
  const { binary, stamp, target, scratch } = generation
  if (await hasStamp(target, stamp)) return false
  await mkdir(dirname(target), { recursive: true })
  await mkdir(scratch, { recursive: true })
  const aside = await mkdtemp(join(scratch, 'protocol-'))
  const codexHome = await mkdtemp(join(tmpdir(), 'codex-protocol-'))
  try {
    const made = join(aside, 'made')
    await generateBindings({ binary, outDir: made, codexHome })
    await addExtensions(made)
    await writeFile(join(made, STAMP_FILE), stamp)
    await moveIn({ made, target, old: join(aside, 'old'), stamp })
  } finally {
    await rm(aside, { recursive: true, force: true })
    await rm(codexHome, { recursive: true, force: true })
  }
  return true
}

async function addExtensions(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const folders = new Set(
    entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  const modules = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  await Promise.all(
    modules.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      const source = await readFile(path, 'utf8')
      const isFolder = (specifier: string) => folders.has(join(parentPath, specifier))
      await writeFile(path, withExtensions(source, isFolder))
    }),
  )
}

interface Move {
  readonly made: string
  readonly target: string
  readonly old: string
  readonly stamp: string
}

/** Two runs may meet here: the one that comes second is content when the first left the same. */
async function moveIn({ made, target, old, stamp }: Move): Promise<void> {
  await rename(target, old).catch(ignoring('ENOENT'))
  await rename(made, target).catch(async (error: unknown) => {
    if (!(await hasStamp(target, stamp))) throw error
  })
}

function ignoring(code: string) {
  return (error: NodeJS.ErrnoException): void => {
    if (error.code !== code) throw error
  }
}
