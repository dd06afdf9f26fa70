// Lines of a rollout file as items of the index. Only lines that carry an item or a turn are parsed. Pure
// but for what it remembers: the turn that a line stands in, where it does not name it itself.
import type { SearchDocument } from '@dispatch/store'
import { recordToItem } from '../../codex/translate-record.ts'
import type { Line } from '../line-reader.ts'
import { itemToDocument } from './to-document.ts'

const envelope =
  /^\s*\{"timestamp":"([^"]{1,64})",(?:"ordinal":\d+,)?"type":"(event_msg|turn_context)"/
const telling =
  /"payload":\{(?:"turn_id"|"type":"(?:item_completed|user_message|agent_message|task_started)")/

const payloadOf = (text: string): unknown => {
  try {
    return (JSON.parse(text) as { payload?: unknown }).payload
  } catch {
    return null
  }
}

/** Reads the items of one thread, line after line; `offset` is where a line begins in its file. */
export const makeRecordReader = (
  threadId: string,
): ((line: Line, offset: number) => SearchDocument | null) => {
  let turnId = ''
  return ({ text, cut }, offset) => {
    const match = envelope.exec(text)
    if (!match || cut || !telling.test(text.slice(0, 256))) return null
    const written = Date.parse(match[1] ?? '')
    const recorded = recordToItem(payloadOf(text), `line-${offset}`)
    if (recorded === null || Number.isNaN(written)) return null
    turnId = recorded.turnId ?? turnId
    const { item } = recorded
    if (item === null) return null
    const at = item.completedAt ?? item.startedAt ?? written
    return itemToDocument({ ...item, threadId, turnId, at })
  }
}
