// Items of a rollout file in our words. Codex writes there what it tells of a completed item, in other
// names: they are put into those of its protocol, so that an item has the same text whichever way it came.
// Older threads have messages alone there, without ids.
import type { ItemFact } from './fact.ts'
import { itemToFact } from './translate-item.ts'
import { legacyToChanges } from './translate-changes.ts'

/** An item of a rollout file; null where the file does not tell it. */
export type RecordedItem = { turnId: string | null; item: ItemFact | null }

type Raw = Record<string, unknown>

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())

const typeOf = (type: string): string => `${type.charAt(0).toLowerCase()}${type.slice(1)}`

// As a shell would have to be told it.
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`

const commandOf = (command: unknown): unknown =>
  Array.isArray(command) ? command.map((word) => quoted(String(word))).join(' ') : command

const textOf = (content: unknown): string =>
  (Array.isArray(content) ? content : [])
    .flatMap((part: unknown) => (isRaw(part) && typeof part.text === 'string' ? part.text : []))
    .join('\n')

const fileUriToPath = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^file:\/\//, '') : value

// What differs from the protocol by more than its names.
const reshape: Record<string, (item: Raw) => Raw> = {
  agentMessage: (item) => ({ text: item.text ?? textOf(item.content) }),
  plan: (item) => ({ text: item.text ?? textOf(item.content) }),
  reasoning: (item) => ({ summary: item.summaryText ?? [], content: item.rawContent ?? [] }),
  commandExecution: (item) => ({ command: commandOf(item.command) }),
  fileChange: (item) => ({
    changes: Array.isArray(item.changes)
      ? item.changes
      : legacyToChanges(item.changes).map(({ path, change, diff }) => ({
          path,
          kind: { type: change },
          diff,
        })),
  }),
  imageView: (item) => ({ path: fileUriToPath(item.path) }),
}

const recordToRaw = (item: Raw): Raw => {
  const renamed = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [camel(name), value]),
  )
  const type = typeOf(String(item.type))
  return { ...renamed, type, ...reshape[type]?.(renamed) }
}

const wordOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const messageTypes: Record<string, string> = {
  user_message: 'userMessage',
  agent_message: 'agentMessage',
}

/**
 * What the payload of an event in a rollout file tells: an item, a turn, or nothing. `place` names what
 * has no id: older threads write their messages without one.
 */
export const recordToItem = (payload: unknown, place: string): RecordedItem | null => {
  if (!isRaw(payload)) return null
  const turnId = wordOf(payload.turn_id)
  const type = wordOf(payload.type) ?? ''
  if (type === 'item_completed' && isRaw(payload.item)) {
    const item = itemToFact({
      ...recordToRaw(payload.item),
      startedAtMs: payload.started_at_ms,
      completedAtMs: payload.completed_at_ms,
    })
    return item && { turnId, item }
  }
  const text = wordOf(payload.message)
  const messageType = Object.hasOwn(messageTypes, type) ? messageTypes[type] : undefined
  if (messageType !== undefined && text !== null) {
    const content = [{ type: 'text', text }]
    const raw = { type: messageType, id: place, text, content }
    return { turnId, item: itemToFact(raw) }
  }
  return turnId === null ? null : { turnId, item: null }
}
