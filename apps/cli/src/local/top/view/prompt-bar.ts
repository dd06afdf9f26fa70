// The last row while something is asked: what is asked, what was typed, and where the cursor is.
import { paint, type Screen } from '../../../output/screen.ts'
import { visible } from '../../../output/visible.ts'
import { visibleLine } from '../../../output/visible.ts'
import { truncate, widthOf } from '../../../output/width.ts'
import type { Line } from '../model/line.ts'
import { questionOf } from '../model/prompting.ts'
import type { Prompt } from '../model/state.ts'

/** The row, and the column of the cursor; null for none. */
export type PromptBar = { line: string; cursor: number | null }

const labelOf = (prompt: Exclude<Prompt, { kind: 'confirm' }>): string => {
  switch (prompt.kind) {
    case 'filter':
      return '/'
    case 'send':
      return `to ${visibleLine(prompt.handle)} (${prompt.mode}; Tab changes it): `
    case 'answer': {
      const question = questionOf(prompt.request, prompt.answers)
      return question ? `${visibleLine(question.question)} ` : 'answer as JSON: '
    }
  }
}

const shown = (text: string): string => visible(text).replaceAll('\n', '↵').replaceAll('\t', ' ')

const segmenter = new Intl.Segmenter()

// The end of a text that takes at most so many columns.
const endOf = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text
  let width = 0
  let from = text.length
  for (const { segment, index } of [...segmenter.segment(text)].toReversed()) {
    width += widthOf(segment)
    if (width > columns) break
    from = index
  }
  return text.slice(from)
}

const isSecret = (prompt: Prompt): boolean =>
  prompt.kind === 'answer' && questionOf(prompt.request, prompt.answers)?.secret === true

const typedOf = (line: Line, hides: boolean): Line => {
  const hide = (text: string): string => '•'.repeat([...segmenter.segment(text)].length)
  return hides
    ? { before: hide(line.before), after: hide(line.after) }
    : { before: shown(line.before), after: shown(line.after) }
}

/** The row. */
export const renderPrompt = (prompt: Prompt, screen: Screen): PromptBar => {
  const { columns } = screen
  if (prompt.kind === 'confirm') {
    // The end says what may be answered: it stays.
    const question = truncate(visibleLine(prompt.question), columns - 11)
    return { line: `${paint(screen, 'yellow', question)} y yes, n no`, cursor: null }
  }
  const label = truncate(labelOf(prompt), Math.max(4, Math.floor(columns * 0.6)))
  const room = Math.max(4, columns - widthOf(label) - 1)
  const typed = typedOf(prompt.line, isSecret(prompt))
  const before = endOf(typed.before, room)
  const after = truncate(typed.after, Math.max(0, room - widthOf(before)))
  return {
    line: paint(screen, 'bold', label) + before + after,
    cursor: widthOf(label) + widthOf(before),
  }
}
