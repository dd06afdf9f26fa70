// Bounds what is kept of one request: a hostile server or a careless model may ask with megabytes.

/** Characters of all texts of one request together. */
const REQUEST_TEXT_MAX = 131_072

/** The characters that are left. */
export type TextBudget = {
  /** The text, or its beginning. */
  text(value: string | null | undefined): string | null
  /** The value, or null where its JSON is longer than what is left. */
  json(value: unknown): unknown
  /** Whether something was cut. */
  isSpent(): boolean
}

/** Makes the budget of one request. */
export const makeTextBudget = (): TextBudget => {
  let left = REQUEST_TEXT_MAX
  let spent = false
  return {
    text: (value) => {
      if (value == null) return null
      const kept = value.slice(0, left)
      left -= kept.length
      if (kept.length < value.length) spent = true
      return kept
    },
    json: (value) => {
      if (value == null) return null
      const { length } = JSON.stringify(value)
      if (length > left) {
        spent = true
        return null
      }
      left -= length
      return value
    },
    isSpent: () => spent,
  }
}
