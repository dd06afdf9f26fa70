// The points that a daemon under test passes, and the kills at them. Everything here is synchronous: a
// kill is carried out between the instruction before the point and the one after it.
import { openSync, writeSync } from 'node:fs'
import { journalOf, type Kill, killToWord, readPlan, writePlan } from '../plan.ts'

/** Tells that a point was passed; where it is its turn to kill, it does not return. */
export type Pass = (point: string) => void

/** Carries a kill out. */
export type Execute = (kill: Kill) => void

/** From here on another App Server may be the one to kill. */
const SERVER_IS_NEW: ReadonlySet<string> = new Set([
  'spawn app-server after',
  'wire initialized after',
])

type PointsOptions = {
  folder: string
  execute: Execute
  /** Called when a kill is next that was not before, so that it takes no time when it is its turn. */
  prepare: () => void
}

/** Makes the passing of points by the plan in that folder. */
export const makePoints = ({ folder, execute, prepare }: PointsOptions): Pass => {
  const journal = openSync(journalOf(folder), 'a')
  let armed = ''
  let passed = 0
  return (point) => {
    writeSync(journal, `${point}\n`)
    const plan = readPlan(folder)
    const [kill, ...rest] = plan?.kills ?? []
    if (!plan || !kill) return
    const now = `${plan.name} ${rest.length}`
    if (armed !== now || SERVER_IS_NEW.has(point)) prepare()
    if (armed !== now) passed = 0
    armed = now
    if (kill.point !== point) return
    passed += 1
    if (passed < kill.nth) return
    writePlan(folder, { ...plan, kills: rest })
    writeSync(journal, `! ${killToWord(kill)}\n`)
    execute(kill)
  }
}
