// What Codex has on disk: the session files of a CODEX_HOME, as they are written. Nothing is asked of
// the App Server.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A user message in a session file. */
export type RolloutMessage = {
  /** As the model gets it, or as its completion is told. */
  as: 'sent' | 'completed'
  text: string
  /** The caller's id: of a completed message, or of an item of context. */
  id: string | null
}

/** A session file. */
export type Rollout = {
  threadId: string
  /** The name that its starter gave it. */
  source: string | null
  messages: RolloutMessage[]
}

type Part = { text?: string }
type Line = {
  type?: string
  payload?: {
    type?: string
    id?: string
    role?: string
    thread_source?: string
    content?: Part[]
    item?: { type?: string; client_id?: string; content?: Part[] }
  }
}

const CONTEXT = 'msg_dsp_'

const textOf = (parts: Part[] | undefined): string =>
  (parts ?? []).map(({ text }) => text ?? '').join('\n')

const lineToMessage = ({ type, payload }: Line): RolloutMessage | null => {
  if (type === 'response_item' && payload?.type === 'message' && payload.role === 'user') {
    const id = payload.id?.startsWith(CONTEXT) ? payload.id.slice(CONTEXT.length) : null
    return { as: 'sent', text: textOf(payload.content), id }
  }
  if (type !== 'event_msg' || payload?.type !== 'item_completed') return null
  const { item } = payload
  if (item?.type !== 'UserMessage') return null
  return { as: 'completed', text: textOf(item.content), id: item.client_id ?? null }
}

const linesOf = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as Line]
      } catch {
        // The last line of a server that was killed may be cut.
        return []
      }
    })

/** Reads one. */
export const readRollout = (path: string): Rollout => {
  const lines = linesOf(path)
  const head = lines.find(({ type }) => type === 'session_meta')?.payload
  return {
    threadId: head?.id ?? '',
    source: head?.thread_source ?? null,
    messages: lines.flatMap((line) => lineToMessage(line) ?? []),
  }
}

/** The session files of that home. */
export const rolloutPaths = (codexHome: string): string[] =>
  ['sessions', 'archived_sessions']
    .map((name) => join(codexHome, name))
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => join(folder, name)),
    )
