// The row below a list that is longer than its room: how many rows are out of sight, and how many of them
// need a person.
import { paint, type Screen } from '../../../output/screen.ts'
import { truncate, widthOf } from '../../../output/width.ts'

/** What is seen of a list; those of its rows that need a person are its first. */
type Seen = { count: number; from: number; height: number; needing: number }

/** How many need a person, in words. */
export const needWords = (count: number): string => `${count} ${count === 1 ? 'needs' : 'need'} you`

const INDENT = '  '
const GAP = '   '

/** The row of a list that is not seen whole. */
export const renderEdge = ({ count, from, height, needing }: Seen, screen: Screen): string => {
  const end = from + height
  const hidden = [
    { arrow: '↑', rows: from, need: Math.min(from, needing) },
    { arrow: '↓', rows: count - end, need: Math.max(0, needing - end) },
  ].filter(({ rows }) => rows > 0)
  const needy = hidden.filter(({ need }) => need > 0)
  const whole = hidden.map(({ arrow, rows, need }) =>
    [`${arrow} ${rows} more`, ...(need > 0 ? [needWords(need)] : [])].join(', '),
  )
  // Too narrow for all of it: who needs a person.
  const least = needy.map(({ arrow, need }) => `${arrow} ${need}`)
  const said = INDENT + whole.join(GAP)
  const fits = needy.length === 0 || widthOf(said) <= screen.columns
  const row = truncate(fits ? said : `${INDENT}need you: ${least.join(GAP)}`, screen.columns)
  return paint(screen, needy.length === 0 ? 'dim' : 'yellow', row)
}
