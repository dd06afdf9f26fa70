// A whole screen as rows: as many as the terminal has, none wider than it. Pure: the same state gives
// the same rows.
import type { Screen } from '../../../output/screen.ts'
import { truncate } from '../../../output/width.ts'
import { bodyRows, LEAST } from '../model/layout.ts'
import type { TopState } from '../model/state.ts'
import { renderHead, renderHelp, renderKeys, renderNotice, renderTabs } from './bars.ts'
import { renderLane } from './lane-pane.ts'
import { renderList } from './list-pane.ts'
import { renderPrompt } from './prompt-bar.ts'

/** The rows, and where the cursor is; null where none is shown. */
export type Frame = { rows: readonly string[]; cursor: { x: number; y: number } | null }

const padded = (rows: readonly string[], height: number): string[] => [
  ...rows.slice(0, height),
  ...Array.from({ length: Math.max(0, height - rows.length) }, () => ''),
]

const tooSmall = ({ size: { columns, rows } }: TopState): Frame => ({
  rows: padded(
    [
      `dispatch top needs ${LEAST.columns} columns and ${LEAST.rows} rows,`,
      `here are ${columns} and ${rows}.`,
      'q leaves.',
    ].map((line) => truncate(line, columns)),
    rows,
  ),
  cursor: null,
})

/** The screen of a state. */
export const renderFrame = (state: TopState, look: Pick<Screen, 'color' | 'now'>): Frame => {
  const { columns, rows } = state.size
  if (columns < LEAST.columns || rows < LEAST.rows) return tooSmall(state)
  const screen: Screen = { ...look, columns, isFile: false }
  const body = (): string[] => {
    if (state.isHelpShown) return renderHelp(state, screen)
    return state.open ? renderLane(state, state.open, screen) : renderList(state, screen)
  }
  const prompt = state.prompt && renderPrompt(state.prompt, screen)
  return {
    rows: [
      renderHead(state, screen),
      renderTabs(state, screen),
      ...padded(body(), bodyRows(state)),
      renderNotice(state, screen),
      prompt ? prompt.line : renderKeys(state, screen),
    ],
    cursor: prompt?.cursor == null ? null : { x: prompt.cursor, y: rows - 1 },
  }
}
