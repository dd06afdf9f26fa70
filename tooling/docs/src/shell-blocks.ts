// The shell examples of a document: its blocks in their order, and what is typed in each, line by line.
// Knows nothing of what runs them.
import type { Document } from './documents.ts'

/** What is typed at once, continued lines included. */
export type TypedLine = {
  /** Where it stands in the document, from 1. */
  number: number
  text: string
  /** What a session shows below it; empty in a block that shows no output. */
  shown: string[]
}

/** A block of what is typed into a shell. */
export type ShellBlock = {
  path: string
  /** The heading that it stands below. */
  heading: string
  /** Whether it is a session: what is typed stands after a prompt, and its output below. */
  isSession: boolean
  lines: TypedLine[]
}

const fence = /^```(sh|bash|console)$/

const isTyped = (row: string): boolean => row.trim() !== '' && !row.trimStart().startsWith('#')

/** The blocks of `sh`, `bash` and `console` in a document. */
export const shellBlocksOf = ({ path, text }: Document): ShellBlock[] => {
  const blocks: ShellBlock[] = []
  let heading = ''
  let open: ShellBlock | null = null
  let isOther = false
  let isContinued = false
  for (const [at, row] of text.split('\n').entries()) {
    const [, language] = fence.exec(row) ?? []
    if (row.startsWith('```')) {
      if (open || isOther) {
        open = null
        isOther = false
      } else if (language) {
        open = { path, heading, isSession: language === 'console', lines: [] }
        blocks.push(open)
      } else isOther = true
    } else if (open) {
      const before = open.lines.at(-1)
      const isPrompt = row.startsWith('$ ')
      if (isContinued && before) before.text += `\n${row}`
      else if (open.isSession && !isPrompt) before?.shown.push(row)
      else if (isTyped(row)) {
        open.lines.push({ number: at + 1, text: isPrompt ? row.slice(2) : row, shown: [] })
      }
      isContinued = row.endsWith('\\')
    } else if (!isOther && /^#+ /.test(row)) heading = row.replace(/^#+ /, '')
  }
  return blocks
}
