// From when and until when something is looked for.
import { z } from 'zod'

const time = z.string().min(1).max(64)

/** The two fields, of every op that looks for something in a time. */
export const timeRange = {
  since: time
    .optional()
    .describe(
      'Only from then on: a day, as YYYY-MM-DD, a date and time, or how long ago: 90s, 30m, 1h, 2d',
    ),
  until: time
    .optional()
    .describe(
      'Only until then: a day, which counts wholly, a date and time, or how long ago: 90s, 30m, 1h, 2d',
    ),
}
