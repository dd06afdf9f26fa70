// Which command an argv names: the longest run of leading words. An array is searched, so that no
// word of a user can hit a name of a prototype.
import type { Command } from './command.ts'

/** The command whose words lead `words`, or null. */
export const findCommand = (
  commands: readonly Command[],
  words: readonly string[],
): Command | null =>
  commands.find((command) => command.words.every((word, index) => word === words[index])) ?? null

/** Whether `word` is the first word of commands that have more than one. */
export const isGroup = (commands: readonly Command[], word: string): boolean =>
  commands.some((command) => command.words.length > 1 && command.words[0] === word)
