// Examples in a terminal, and those that a person ends: followers until Ctrl-C, what has keys typed into it.
import { follow, openScreen, openTerminal, type Program, type World } from '@dispatch/e2e'
import type { TypedLine } from '../../src/shell-blocks.ts'

/** Keys that are typed when a terminal shows something, one after the other. */
export type Keys = readonly (readonly [shows: string, keys: string])[]

/** Whether a line goes on until Ctrl-C. */
export const isFollower = ({ text }: TypedLine): boolean =>
  / --follow\b/.test(text) && !text.startsWith('dispatch schema')

// A follower of events is one when the daemon has its subscription, one of a file when it prints.
const subscribed = async (world: World, isOver: () => boolean): Promise<void> => {
  while (!isOver() && (await world.status()).followers === 0);
}

/** Follows, and presses Ctrl-C; gives the exit status. */
export const playFollower = async (world: World, program: Program): Promise<number | null> => {
  const [flag, ...rest] = program.args.toReversed()
  await using running = follow({ ...program, args: [...rest.toReversed(), `exec ${flag}`] })
  let isOver = false
  const printed = running
    .line(() => true)
    .then(
      () => (isOver = true),
      () => (isOver = true),
    )
  await Promise.race([subscribed(world, () => isOver), printed])
  running.signal('SIGINT')
  const code = await running.ended
  await printed
  return code
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
