// An error as the CLI shows it: our body as JSON where the output is JSON, else a sentence and what
// helps. The exit status is the taxonomy's.
import { type ErrorBody, errorCodes } from '@dispatch/contract/errors'
import { asText } from '../output/cell.ts'
import { toJson } from '../output/json.ts'
import { visible } from '../output/visible.ts'

// What a person tells lanes apart by, and what has an id.
const laneWords = ['ref', 'handle', 'title']
const idWords = ['id', 'name', 'lane', 'state', 'summary']

const candidates = (details: ErrorBody['details']): string[] => {
  const found = details?.candidates
  if (!Array.isArray(found)) return []
  return found.map((one: Record<string, unknown>) =>
    (one?.ref ? laneWords : idWords)
      .flatMap((name) => (one?.[name] ? [asText(one[name])] : []))
      .join('  '),
  )
}

const textReport = ({ message, hint, details }: ErrorBody): string =>
  [
    `dispatch: ${message}`,
    ...candidates(details).map((line) => `  ${line}`),
    ...(hint === null ? [] : [`hint: ${hint}`]),
  ]
    .map((line) => `${visible(line)}\n`)
    .join('')

/** The report of an error for stderr. */
export const reportOf = (error: ErrorBody, json: boolean): string =>
  json ? toJson({ error }) : textReport(error)

/** The exit status of an error. */
export const exitOf = (error: ErrorBody): number => errorCodes[error.code].exit
