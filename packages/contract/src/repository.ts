// Whether a directory is the root of a repository.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether `.git` in it is one: a directory with a HEAD, or the file of a worktree or a submodule. While
 * a sandboxed command runs, Codex keeps an empty one in each folder that it may write to, such as /tmp.
 */
export const isRepository = (directory: string): boolean => {
  const path = join(directory, '.git')
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return false
  return stats.isDirectory() ? existsSync(join(path, 'HEAD')) : stats.size > 0
}
