// An item as the index keeps it: bounded, without secrets, with the tool and the files that it names.
import type { SearchDocument } from '@dispatch/store'
import { itemToFiles, itemToTool } from '../../codex/translate-mentions.ts'
import { textToRedacted } from './redact.ts'

/** An item as the registry or a rollout file tells it. */
export type IndexedItem = {
  threadId: string
  turnId: string
  id: string
  type: string
  text: string
  status: string | null
  at: number
}

/** Characters of what was said; messages are read, outputs are skimmed. */
const SAID_MAX = 32_768
const OUTPUT_MAX = 8_192
/** Of what is cut its end is kept too: there a command says how it went. */
const TAIL = 2_048
/** Looked at beyond a cut, so that a secret which the cut divides is known. */
const MARGIN = 2_048

const said = new Set(['userMessage', 'agentMessage', 'plan', 'reasoning'])

const boundedOf = (type: string, text: string): string => {
  const max = said.has(type) ? SAID_MAX : OUTPUT_MAX
  if (text.length <= max) return textToRedacted(text)
  const head = textToRedacted(text.slice(0, max - TAIL + MARGIN)).slice(0, max - TAIL)
  const tail = textToRedacted(text.slice(-TAIL - MARGIN)).slice(-TAIL)
  return `${head}\n\u2026\n${tail}`
}

/** The document of an item; null where it says nothing. */
export const itemToDocument = (item: IndexedItem): SearchDocument | null => {
  if (item.text.trim() === '') return null
  const { threadId, turnId, id: itemId, type, status, at } = item
  const tool = itemToTool(item)
  return {
    threadId,
    turnId,
    itemId,
    type,
    status,
    at,
    tool: tool === null ? null : textToRedacted(tool),
    files: itemToFiles(item),
    text: boundedOf(type, item.text),
  }
}
