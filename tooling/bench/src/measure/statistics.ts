// Order statistics of samples. Means are not used: on a shared machine one late sample moves them.

/** Quantile of samples in any order, interpolated; `q` in [0, 1]. */
export const quantile = (samples: readonly number[], q: number): number => {
  const sorted = samples.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** The middle of samples. */
export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** Middle, tenth, ninetieth and ninety-ninth percentile of samples. */
export type Spread = { median: number; p10: number; p90: number; p99: number; samples: number }

/** The spread of samples. */
export const spreadOf = (samples: readonly number[]): Spread => ({
  median: median(samples),
  p10: quantile(samples, 0.1),
  p90: quantile(samples, 0.9),
  p99: quantile(samples, 0.99),
  samples: samples.length,
})

/** The sum of samples. */
export const sum = (samples: readonly number[]): number => samples.reduce((a, b) => a + b, 0)
