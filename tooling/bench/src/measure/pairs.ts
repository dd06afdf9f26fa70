// Figure and floor in pairs: one right after the other, so that both meet the same machine; the order
// changes with every pair, so that neither always comes first.
import { sum } from './statistics.ts'

/** How much is measured. */
export type Plan = { blocks: number; pairsPerBlock: number; quick: boolean }

/** One measurement: its value, and the CPU that all processes of it used, in ms. */
export type Sample = { value: number; cpuMs: number }

/** Two things that are measured beside each other. */
export type Contest = { figure: () => Promise<Sample>; floor: () => Promise<Sample> }

/** What pairs gave. */
export type Pairs = { figure: Sample[]; floor: Sample[] }

/** Measures both in pairs; each block begins with a pair that is not counted. */
export const measurePairs = async (plan: Plan, { figure, floor }: Contest): Promise<Pairs> => {
  const pairs: Pairs = { figure: [], floor: [] }
  for (let block = 0; block < plan.blocks; block += 1) {
    await figure()
    await floor()
    for (let pair = 0; pair < plan.pairsPerBlock; pair += 1) {
      const figureFirst = pair % 2 === 0
      const before = figureFirst ? null : await floor()
      pairs.figure.push(await figure())
      pairs.floor.push(before ?? (await floor()))
    }
  }
  return pairs
}

/** The ratio of each pair. */
export const ratiosOf = ({ figure, floor }: Pairs, of: keyof Sample): number[] =>
  figure.map((sample, index) => sample[of] / (floor[index]?.[of] ?? Number.NaN))

/** Values of one side. */
export const valuesOf = (samples: readonly Sample[]): number[] => samples.map(({ value }) => value)

/** CPU of one side, all samples together. */
export const cpuOf = (samples: readonly Sample[]): number => sum(samples.map(({ cpuMs }) => cpuMs))
