// Which thread a sub-agent's thread belongs to: Codex names it in the thread and in no notification.
import type { CodexClient } from '@dispatch/codex-client'

/** Sub-agents of sub-agents, as deep as anybody has them. */
const DEPTH_MAX = 8

/** The threads above a thread, the nearest first, until one is wanted or there is none. */
export const findAncestor = async (
  client: CodexClient,
  threadId: string,
  isWanted: (threadId: string) => boolean,
): Promise<string | null> => {
  let at = threadId
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const { thread } = await client.request('thread/read', { threadId: at, includeTurns: false })
    const parent = thread.parentThreadId
    if (parent === null || parent === undefined) return null
    if (isWanted(parent)) return parent
    at = parent
  }
  return null
}
