/**
 * A CODEX_HOME that a Codex has already been in, made once a machine and Codex version and copied
 * for each test: the first start in an empty one pays for the databases. Start to named thread, two
 * cores, disk with a fast sync: 150 ms empty, 105 ms copied; the gap is that of the disk's sync.
 */
import { cp, lstat, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { prepareCodexHome } from '../codex-config.ts'
import type { CodexConfigOptions } from '../codex-config.ts'
import { makeAppServer } from './app-server.ts'
import { findCodexBinary } from './codex-binary.ts'
import type { CodexBinary } from './codex-binary.ts'

/** Codex makes the rest again, faster than it is copied (skills alone are 35 ms). */
const isWorthCopying = (path: string) => !/[/\\](?:skills|\.tmp)$|-shm$/.test(path)

export interface CodexHomeTemplate {
  readonly path: string
  /** Makes `directory` a CODEX_HOME that asks the simulator; returns the directory. */
  copyTo(directory: string, options: CodexConfigOptions): Promise<string>
}

export interface CodexHomeTemplateOptions {
  codex?: CodexBinary
  /** Where the template is kept; the system's temporary directory unless given. */
  parent?: string
}

async function isOurs(path: string, uid: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return false
  if (found.isDirectory() && found.uid === uid) return true
  throw new Error(`${path} is in the way: not a directory of this user`)
}

/** Two makers at once each make one; the first rename wins, the other's is thrown away. */
async function makeTemplate(path: string, parent: string, codex: CodexBinary) {
  const made = await mkdtemp(join(parent, 'dispatch-codex-home-new-'))
  try {
    await prepareCodexHome(made, { url: 'http://127.0.0.1:9/v1' })
    {
      await using server = await makeAppServer({ binary: codex.path, codexHome: made })
      await server.call('thread/start', { cwd: made, ephemeral: true })
    }
    await rename(made, path)
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}

export async function makeCodexHomeTemplate(
  options: CodexHomeTemplateOptions = {},
): Promise<CodexHomeTemplate> {
  const { codex = findCodexBinary(), parent = tmpdir() } = options
  const { uid } = userInfo()
  const path = join(parent, `dispatch-codex-home-${codex.version}-${uid}`)
  if (!(await isOurs(path, uid))) await makeTemplate(path, parent, codex)
  return {
    path,
    async copyTo(directory, config) {
      await cp(path, directory, { recursive: true, filter: isWorthCopying })
      return await prepareCodexHome(directory, config)
    },
  }
}
