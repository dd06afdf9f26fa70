// What the index keeps of an item, and what is asked of it. Texts come bounded and redacted.

/** An item in the index. */
export type SearchDocument = {
  threadId: string
  turnId: string
  /** Unique within its turn. */
  itemId: string
  type: string
  /** The tool that it called, or null. */
  tool: string | null
  /** Paths that it changed. */
  files: readonly string[]
  status: string | null
  /** When it happened, epoch ms. */
  at: number
  text: string
}

/** A word, or words that stand beside each other, to look for. */
export type Word = {
  text: string
  /** Whether its last word may go on. */
  prefix: boolean
}

/** What to look for; null: anything. */
export type SearchQuery = {
  words: readonly Word[]
  threadIds: readonly string[] | null
  types: readonly string[] | null
  tool: string | null
  /** A path or a part of one, as whole names. */
  file: string | null
  status: string | null
  errored: boolean
  /** Epoch ms, the first that counts. */
  since: number | null
  /** Epoch ms, the first that counts no more. */
  until: number | null
}

/** A page to give: after the place of an earlier one. */
export type SearchPageQuery = { query: SearchQuery; limit: number; cursor: string | null }

/** An item that was found. */
export type SearchHit = Omit<SearchDocument, 'files' | 'text'> & {
  /** Higher fits better; 0 where no words were looked for. */
  score: number
  snippet: string
  /** Where the words stand in the snippet: start and end, in UTF-16 units. */
  marks: [number, number][]
}

/** A page. */
export type SearchPage = { hits: SearchHit[]; nextCursor: string | null }
