// A rollout file of any size, with what makes rollouts large: the outputs of commands. And the floor of
// reading one: every line through JSON.parse.
import { appendFileSync, createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'

const OUTPUT_CHARACTERS = 8_000
const LINES_AT_ONCE = 500

const START = Date.UTC(2026, 0, 1)

const lineOf = (number: number): string => {
  const timestamp = new Date(START + number).toISOString()
  const output = `${number} ${'the output of a command, line by line; '.repeat(OUTPUT_CHARACTERS / 39)}`
  const payload = { type: 'function_call_output', call_id: `call-${number}`, output }
  return `${JSON.stringify({ timestamp, type: 'response_item', payload })}\n`
}

/** Lets a rollout grow to that many bytes or a little more; tells the lines that were added. */
export const growRollout = (file: string, bytes: number): number => {
  let size = statSync(file).size
  let lines = 0
  while (size < bytes) {
    const text = Array.from({ length: LINES_AT_ONCE }, (_, index) => lineOf(lines + index)).join('')
    appendFileSync(file, text)
    size += Buffer.byteLength(text)
    lines += LINES_AT_ONCE
  }
  return lines
}

/** Parses every line of a file; tells how many there are. */
export const parseLines = async (file: string): Promise<number> => {
  let lines = 0
  for await (const line of createInterface({ input: createReadStream(file) })) {
    JSON.parse(line)
    lines += 1
  }
  return lines
}
