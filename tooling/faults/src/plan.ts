// What is to be killed, and where: a file that the driver writes and the daemon under test reads at
// each point. A kill that was carried out is taken off before the signal, so that the next daemon goes
// on with the rest.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whose end it is. */
export type Target = 'daemon' | 'codex' | 'both'

/** One kill: at the `nth` time, from 1 on, that the point is passed after the kill before it. */
export type Kill = { point: string; nth: number; target: Target }

/** The kills of one case, in order. */
export type Plan = { name: string; kills: Kill[] }

const fileOf = (folder: string): string => join(folder, 'plan.json')

/** Where a daemon writes what it passes, a line each. */
export const journalOf = (folder: string): string => join(folder, 'journal.log')

/** The plan that is in force, or null. */
export const readPlan = (folder: string): Plan | null => {
  try {
    return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Plan
  } catch {
    return null
  }
}

/** Puts a plan in force; without a kill left there is none. */
export const writePlan = (folder: string, plan: Plan): void => {
  if (plan.kills.length === 0) return rmSync(fileOf(folder), { force: true })
  const draft = `${fileOf(folder)}.new`
  writeFileSync(draft, JSON.stringify(plan))
  renameSync(draft, fileOf(folder))
}

/** `daemon@commit lane.created before#2`: the words of a kill on the command line. */
export const killToWord = ({ point, nth, target }: Kill): string => `${target}@${point}#${nth}`

/** The kill of such a word; throws where it is none. */
export const wordToKill = (word: string): Kill => {
  const found = /^(daemon|codex|both)@(.+?)(?:#(\d+))?$/.exec(word)
  const [, target, point, nth = '1'] = found ?? []
  if (point === undefined) throw new Error(`not a kill: ${word}`)
  return { target: target as Target, point, nth: Number(nth) }
}
