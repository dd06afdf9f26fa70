// What a row found, and whether it meets its bar. On a noisy machine CPU is the verdict, because other
// people's work stretches wall time and not CPU; both are always told.
import { cpuOf, type Pairs, ratiosOf, valuesOf } from './pairs.ts'
import { median, type Spread, spreadOf } from './statistics.ts'

/** One line of the table. */
export type Finding = {
  row: string
  what: string
  unit: string
  figure: Spread
  floor: Spread | null
  /** Of each pair: wall time, or rate where the unit is one. */
  ratio: Spread | null
  /** Of each pair: CPU of all processes that took part. */
  cpuRatio: Spread | null
  bar: string
  met: boolean
  /** What the verdict is of. */
  by: 'wall' | 'cpu' | 'value'
  /** What was looked at to know that the work was done. */
  checked: string
}

/** What a row says beside its samples. */
export type Question = Pick<Finding, 'row' | 'what' | 'unit' | 'checked'>

/** Wall times of a floor that differ by more than this are not the floor's. */
const NOISY = 1.5

const isNoisy = ({ p10, p90 }: Spread): boolean => p90 / p10 > NOISY

/** A bar on the ratio of pairs: at most so much time, or at least that share of a rate. */
export type RatioBar = { most: number } | { least: number }

const holds = (bar: RatioBar, ratio: number): boolean =>
  'most' in bar ? ratio <= bar.most : ratio >= bar.least

/** Judges pairs by the median of their ratios. */
export const judgeRatio = (question: Question, pairs: Pairs, bar: RatioBar): Finding => {
  const figure = spreadOf(valuesOf(pairs.figure))
  const floor = spreadOf(valuesOf(pairs.floor))
  const ratio = spreadOf(ratiosOf(pairs, 'value'))
  const cpuRatio = spreadOf(ratiosOf(pairs, 'cpuMs'))
  // A rate is the work by its time, so its share is the inverse of the share of CPU.
  const inCpu = 'most' in bar ? cpuRatio.median : 1 / cpuRatio.median
  const by = isNoisy(floor) ? 'cpu' : 'wall'
  return {
    ...question,
    figure,
    floor,
    ratio,
    cpuRatio,
    bar: 'most' in bar ? `<= ${bar.most} x` : `>= ${bar.least * 100} %`,
    met: holds(bar, by === 'cpu' ? inCpu : ratio.median),
    by,
  }
}

/** Judges by how much the figure is above its floor, pair by pair. */
export const judgeExcess = (question: Question, pairs: Pairs, most: number): Finding => {
  const excess = pairs.figure.map(({ value }, index) => value - (pairs.floor[index]?.value ?? 0))
  return {
    ...question,
    figure: spreadOf(valuesOf(pairs.figure)),
    floor: spreadOf(valuesOf(pairs.floor)),
    ratio: spreadOf(ratiosOf(pairs, 'value')),
    cpuRatio: null,
    bar: `<= floor + ${most} ${question.unit} (is + ${Math.round(median(excess))})`,
    met: median(excess) <= most,
    by: 'value',
  }
}

/** A bar on the value itself. */
export type ValueBar = RatioBar & { of: 'median' | 'p99' }

const barOf = (bar: ValueBar, figure: Spread, unit: string): string => {
  const text = `${'most' in bar ? `<= ${bar.most}` : `>= ${bar.least}`} ${unit}`
  return bar.of === 'median' ? text : `${bar.of} ${text} (is ${figure[bar.of].toPrecision(3)})`
}

/** Judges a value; the pairs, where there are any, show its floor. */
export const judgeValue = (
  question: Question,
  found: { figure: Spread; pairs?: Pairs; floor?: Spread },
  bar: ValueBar,
): Finding => {
  const { figure, pairs } = found
  const compared = pairs !== undefined && cpuOf(pairs.figure) > 0
  return {
    ...question,
    figure,
    floor: found.floor ?? (pairs ? spreadOf(valuesOf(pairs.floor)) : null),
    ratio: pairs ? spreadOf(ratiosOf(pairs, 'value')) : null,
    cpuRatio: compared ? spreadOf(ratiosOf(pairs, 'cpuMs')) : null,
    bar: barOf(bar, figure, question.unit),
    met: holds(bar, figure[bar.of]),
    by: 'value',
  }
}
