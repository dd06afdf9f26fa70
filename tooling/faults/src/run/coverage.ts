// Which points there are and which were killed at, learnt as cases go; chooses what is killed next, so
// that every point gets its share.
import type { Chance } from '../case/chance.ts'
import type { CaseResult } from '../case/case.ts'
import type { Kill, Target } from '../plan.ts'

/** What is known of a point. */
export type PointRecord = {
  point: string
  /** How often it was passed before the first kill of a case, and after it. */
  hits: number
  hitsAfter: number
  kills: Record<Target, number>
  /** Kills that were planned and whose turn never came. */
  missed: number
  findings: number
}

/** The record of all points. */
export type Coverage = {
  learn(result: CaseResult): void
  /** The kills of the next case; none while no point is known. */
  choose(chance: Chance, only?: string): Kill[]
  points(): PointRecord[]
}

const killsOf = ({ kills }: PointRecord): number => kills.daemon + kills.codex + kills.both

const NTH_MAX = 4

const chooseTarget = (chance: Chance): Target =>
  chance.weighted<Target>([
    { weight: 5, value: 'daemon' },
    { weight: 2, value: 'codex' },
    { weight: 3, value: 'both' },
  ]) ?? 'daemon'

/** Makes the record. */
export const makeCoverage = (): Coverage => {
  const known = new Map<string, PointRecord>()
  let cases = 0

  const of = (point: string): PointRecord => {
    const found = known.get(point)
    if (found) return found
    const kills = { daemon: 0, codex: 0, both: 0 }
    const made = { point, hits: 0, hitsAfter: 0, kills, missed: 0, findings: 0 }
    known.set(point, made)
    return made
  }

  const learn = ({ asked, passed, findings }: CaseResult): void => {
    cases += 1
    let carriedOut = 0
    for (const line of passed) {
      if (!line.startsWith('! ')) {
        const record = of(line)
        if (carriedOut === 0) record.hits += 1
        else record.hitsAfter += 1
        continue
      }
      const kill = asked.kills[carriedOut]
      carriedOut += 1
      if (!kill) continue
      of(kill.point).kills[kill.target] += 1
      of(kill.point).findings += findings.length
    }
    for (const { point } of asked.kills.slice(carriedOut)) of(point).missed += 1
  }

  const killAt = (record: PointRecord, chance: Chance): Kill => {
    const usual = Math.round(record.hits / Math.max(1, cases))
    const nth = 1 + chance.below(Math.min(NTH_MAX, Math.max(1, usual)))
    return { point: record.point, nth, target: chooseTarget(chance) }
  }

  const least = (chance: Chance): PointRecord | undefined =>
    [...known.values()]
      .map((record) => ({ record, share: killsOf(record) + record.missed / 2 + chance.next() }))
      .sort((one, other) => one.share - other.share)[0]?.record

  const anyOf = (fits: (record: PointRecord) => boolean, chance: Chance) => {
    const records = [...known.values()].filter(fits)
    return records[chance.below(records.length)]
  }

  return {
    learn,
    choose: (chance, only) => {
      const record = only === undefined ? least(chance) : of(only)
      if (!record) return []
      const kill = killAt(record, chance)
      // What is passed by a beginning daemon alone is passed again after a crash of both.
      if (record.hits < cases / 8) {
        const first = anyOf(({ hits }) => hits > cases, chance)
        if (first)
          return [
            { ...killAt(first, chance), target: 'both' },
            { ...kill, nth: 1 },
          ]
      }
      const again = chance.is(0.25) ? anyOf(({ hitsAfter }) => hitsAfter > 0, chance) : undefined
      return again ? [kill, { ...killAt(again, chance), nth: 1 }] : [kill]
    },
    points: () => [...known.values()].sort((one, other) => one.point.localeCompare(other.point)),
  }
}
