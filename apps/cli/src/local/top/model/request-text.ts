// All that a person needs to decide a request, in rows: nothing of it is left out, what does not fit is
// scrolled to. Pure.
import type { Request } from '@dispatch/contract'
import { wrapText } from '../../../output/wrap.ts'

type Part = readonly [name: string, text: string | null]

const permissionsOf = ({ permissions }: Request): string | null =>
  permissions &&
  [
    ...(permissions.network ? ['the network'] : []),
    ...permissions.files.map(({ access, path }) => `${access} ${path}`),
  ].join('\n')

const questionsOf = ({ questions }: Request): string | null =>
  questions &&
  questions
    .map(({ header, question, options, other }) =>
      [
        `${header}: ${question}`,
        ...(options ?? []).map(
          ({ label, description }, at) => `  ${at + 1}. ${label}: ${description}`,
        ),
        ...(options && other ? ['  or another answer'] : []),
      ].join('\n'),
    )
    .join('\n')

const changesOf = ({ changes }: Request): string | null =>
  changes &&
  changes
    .map(({ path, change, movedTo, diff }) =>
      [`${change} ${path}${movedTo ? ` -> ${movedTo}` : ''}`, diff].join('\n'),
    )
    .join('\n')

const partsOf = (request: Request): readonly Part[] => [
  ['command', request.command],
  ['in', request.cwd],
  ['why', request.reason],
  ['host', request.network && `${request.network.protocol} ${request.network.host}`],
  ['access', permissionsOf(request)],
  ['directory', request.grantRoot && `opened for writing: ${request.grantRoot}`],
  ['tool', request.tool && `${request.server ?? ''} ${request.tool}`],
  ['arguments', request.arguments ? JSON.stringify(request.arguments, null, 2) : null],
  ['message', request.message],
  ['page', request.url],
  ['form', request.form && JSON.stringify(request.form, null, 2)],
  ['questions', questionsOf(request)],
  ['changes', changesOf(request)],
  ['rule', request.rule && request.rule.join(' ')],
  ['note', request.truncated ? `Texts were cut: dispatch request get ${request.id}` : null],
]

const NAME = 10

const known = new WeakMap<Request, { columns: number; rows: readonly string[] }>()

/** What is asked, in rows: the name of a part, and its text beside it. */
export const requestRows = (request: Request, columns: number): readonly string[] => {
  const before = known.get(request)
  if (before?.columns === columns) return before.rows
  const rows = partsOf(request).flatMap(([name, text]) =>
    text === null || text.trim() === ''
      ? []
      : wrapText(text, columns - NAME).map(
          (row, at) => (at === 0 ? name.padEnd(NAME) : ' '.repeat(NAME)) + row,
        ),
  )
  known.set(request, { columns, rows })
  return rows
}
