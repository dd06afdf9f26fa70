// The points that a daemon under test passes, and the kills at them. Everything here is synchronous: a
// kill is carried out between the instruction before the point and the one after it.
import { openSync, writeSync } from 'node:fs'
import { journalOf, type Kill, killToWord, readPlan, writePlan } from '../plan.ts'

/** Tells that a point was passed; where it is its turn to kill, it does not return. */
export type Pass = (point: string) => void

/** Carries a kill out. */
export type Execute = (kill: Kill) => void

/** Makes the passing of points by the plan in that folder. */
export const makePoints = ({ folder, execute }: { folder: string; execute: Execute }): Pass => {
  const journal = openSync(journalOf(folder), 'a')
  let armed = ''
  let passed = 0
  return (point) => {
    writeSync(journal, `${point}\n`)
    const plan = readPlan(folder)
    const [kill, ...rest] = plan?.kills ?? []
    if (!plan || kill?.point !== point) return
    const now = `${plan.name} ${rest.length}`
    passed = armed === now ? passed + 1 : 1
    armed = now
    if (passed < kill.nth) return
    writePlan(folder, { ...plan, kills: rest })
    writeSync(journal, `! ${killToWord(kill)}\n`)
    execute(kill)
  }
}
