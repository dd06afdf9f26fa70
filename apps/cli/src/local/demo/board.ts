// The live view: what each lane does now, as a region of a terminal that is drawn over itself, as plain
// lines elsewhere. Nothing of the terminal is changed that would have to be put back.
import type { DispatchEvent } from '@dispatch/contract'
import type { Io } from '../../io.ts'
import { asText } from '../../output/cell.ts'
import { visibleLine } from '../../output/visible.ts'
import { pad, truncate } from '../../output/width.ts'

type Row = { status: string; text: string }

/** The view. */
export type Board = {
  /** Takes an event in. */
  show(event: DispatchEvent): Promise<void>
  /** Lines above the region, which moves down. */
  say(text: string): Promise<void>
  /** Leaves what is drawn as it is and begins a new region. */
  settle(): void
}

const statusOf: Record<string, string> = {
  'turn.started': 'works',
  'turn.completed': 'done',
  'turn.failed': 'failed',
  'turn.interrupted': 'stopped',
}

// The last words are what is new.
const lastWords = (text: string, columns: number): string => {
  const line = visibleLine(text)
  return line.length <= columns ? line : `…${line.slice(-(columns - 1))}`
}

const applied = (row: Row, { type, data }: DispatchEvent): Row => {
  const status = statusOf[type] ?? row.status
  if (type === 'turn.started') return { status, text: '' }
  if (type === 'item.delta') return { status, text: row.text + asText(data['text']) }
  const isCommand = type === 'item.started' && data['type'] === 'commandExecution'
  return { status, text: isCommand ? `$ ${asText(data['text'])} ` : row.text }
}

/** Makes the view of a demo. */
export const makeBoard = (io: Io): Board => {
  const rows = new Map<string, Row>()
  const columns = Math.min(io.columns, 100)
  const isDrawn = io.terminal.stdout && io.env.TERM !== 'dumb'
  let drawn = 0

  const region = (): string =>
    [...rows]
      .map(([handle, { status, text }]) => {
        const head = `  ${pad(handle, 10)}  ${pad(status, 8)}  `
        return truncate(
          head + lastWords(text, Math.max(10, columns - head.length - 1)),
          columns - 1,
        )
      })
      .map((line) => `${line}\n`)
      .join('')

  const draw = async (above = ''): Promise<void> => {
    const up = drawn > 0 ? `\u001b[${drawn}A\r\u001b[J` : ''
    drawn = rows.size
    await io.write(up + above + region())
  }

  return {
    async show(event) {
      const handle = event.lane?.handle
      if (handle === undefined) return
      const before = rows.get(handle) ?? { status: 'new', text: '' }
      const after = applied(before, event)
      rows.set(handle, after)
      if (isDrawn) await draw()
      else if (after.status !== before.status) await io.write(`  ${handle}  ${after.status}\n`)
    },
    say: (text) => (isDrawn ? draw(text) : io.write(text)),
    settle: () => {
      drawn = 0
      rows.clear()
    },
  }
}
