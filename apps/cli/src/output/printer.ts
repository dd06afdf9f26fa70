// Prints answers and streams: JSON off a terminal or when asked for, else text. The renderers are
// loaded for text alone, JSON costs nothing but itself.
import type { Form } from '../commands/command.ts'
import type { Globals } from '../commands/global-flags.ts'
import type { Io } from '../io.ts'
import { asText, valueAt } from './cell.ts'
import { toJson } from './json.ts'
import { visibleLine } from './visible.ts'

/** Prints what an op gives. */
export type Printer = {
  answer(value: unknown): Promise<void>
  /** Makes the function that prints each event of a stream. */
  stream(): Promise<(event: unknown) => Promise<void>>
}

/** Whether output, errors included, is JSON. */
export const isJson = (globals: Globals, io: Pick<Io, 'terminal'>): boolean =>
  globals.json === true ||
  (globals.output === undefined ? !io.terminal.stdout : globals.output === 'json')

type Asked = { form: Form; globals: Globals; io: Io; streams: boolean }

const screenOf = ({ globals, io }: Asked) => ({
  columns: io.columns,
  color:
    io.terminal.stdout && globals.color !== false && !io.env.NO_COLOR && io.env.TERM !== 'dumb',
  now: io.now(),
  isFile: io.isFile,
})

const jsonPrinter = ({ io }: Asked): Printer => ({
  answer: (value) => io.write(toJson(value, io.terminal.stdout)),
  stream: async () => (event) => io.write(toJson(event)),
})

const rawPrinter = ({ io }: Asked, field: string): Printer => ({
  answer: (value) => {
    const text = asText(valueAt(value, field))
    return io.write(text === '' || text.endsWith('\n') ? text : `${text}\n`)
  },
  stream: async () => (event) => io.write(toJson(event)),
})

const textPrinter = (asked: Asked): Printer => {
  const { form, io, streams } = asked
  const remark = (lines: readonly string[]): void => {
    for (const line of lines) io.writeError(`note: ${line}\n`)
  }
  return {
    answer: async (value) => {
      const { remarksOf, renderAnswer } = await import('./view.ts')
      await io.write(renderAnswer(value, form.view, screenOf(asked)))
      // A view of fields shows them already.
      if (form.view.kind !== 'fields') remark(remarksOf(value).map(visibleLine))
    },
    stream: async () => {
      const { makeStreamRenderer } = await import('./view.ts')
      const render = makeStreamRenderer(form.view, screenOf(asked), streams)
      return (event) => io.write(render(event))
    },
  }
}

/** The printer of an op. */
export const makePrinter = (asked: Asked): Printer => {
  const { view } = asked.form
  if (view.kind === 'raw') return rawPrinter(asked, view.field)
  return isJson(asked.globals, asked.io) ? jsonPrinter(asked) : textPrinter(asked)
}
