// Examples in a terminal, and those that a person ends: followers until Ctrl-C, what has keys typed
// into it.
import { follow, openScreen, openTerminal, type Program } from '@dispatch/e2e'
import type { TypedLine } from '../../src/shell-blocks.ts'

/** Keys that are typed when a terminal shows something, one after the other. */
export type Keys = readonly (readonly [shows: string, keys: string])[]

/** Whether a line goes on until Ctrl-C. */
export const isFollower = ({ text }: TypedLine): boolean =>
  / --follow\b/.test(text) && !text.startsWith('dispatch schema')

// Loaded into a follower. The greeting and the first call go in one write, so the daemon has what
// is followed when it answers for the first time: that is said as a line, because a follower of
// events prints none then.
const tellsOfAnswer = `import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
const { emit } = Socket.prototype
Socket.prototype.emit = function (name, ...given) {
  if (name === 'data') {
    Socket.prototype.emit = emit
    writeSync(1, 'answered\\n')
  }
  return emit.call(this, name, ...given)
}`

const told = `--import data:text/javascript,${encodeURIComponent(tellsOfAnswer)}`

/** Follows, and presses Ctrl-C; gives the exit status. */
export const playFollower = async (program: Program): Promise<number | null> => {
  await using running = follow({ ...program, env: { ...program.env, NODE_OPTIONS: told } })
  // One that ends before has its exit status.
  await running.line(() => true).catch(() => undefined)
  running.signal('SIGINT')
  return await running.ended
}

/** Plays it in a terminal with these keys; throws unless it ends well. */
export const playTyped = async (program: Program, keys: Keys): Promise<void> => {
  await using terminal = openTerminal(program)
  for (const [shows, typed] of keys) {
    await terminal.shows(shows)
    terminal.type(typed)
  }
  const code = await terminal.ended
  if (code !== 0) throw new Error(`exit ${code}: ${terminal.written()}`)
}

const mark = 'This is the end.'

/** The end of a script that is read to its end. */
export const ending = `printf '\\nexit %s %s' "$?" '${mark}'; read -r _`

/** Plays a script with that end; gives what stands on the screen then, and the exit status. */
export const readScreen = async (program: Program): Promise<{ code: number; shown: string }> => {
  await using screen = openScreen(program, { columns: 88, rows: 40 })
  const text = await screen.shows((rows) => rows.includes(mark))
  screen.type('\r')
  await screen.ended
  const [, shown = '', code] = /^(.*)\nexit (\d+) This/s.exec(text) ?? []
  return { code: Number(code), shown }
}
