// The page on the error codes.
import { type ErrorCode, errorCodes } from '@dispatch/contract'
import { errorWords } from './error-words.ts'
import { tableLines } from './table.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

const intro = `# Errors

Made from the contract by \`pnpm run docs\`; do not edit.

An error is one object. The command line prints it on stderr: as JSON where the output is JSON, else as a sentence and a hint. Stdout then stays empty, but for commands whose answer matters also when it is bad (\`wait\`, and \`new\` and \`send\` with \`--wait\`): they print the answer on stdout and the error on stderr.

\`\`\`json
{
  "error": {
    "code": "lane_busy",
    "message": "@docs has an active turn.",
    "hint": "dispatch wait 0WHcD1, or dispatch stop 0WHcD1",
    "retryable": true,
    "details": null
  }
}
\`\`\`

\`retryable\`: the same call may succeed later. \`details\` is an object by code, such as the candidates of an ambiguous selector, or null. Exit status 0 is success, 130 a run that Ctrl-C ended.
`

/** The page as Markdown. */
export const errorsPage = (): string =>
  [
    intro,
    ...tableLines(
      ['code', 'exit', 'retryable', 'when'],
      codes.map((code) => [
        `\`${code}\``,
        String(errorCodes[code].exit),
        errorCodes[code].retryable ? 'yes' : 'no',
        errorWords[code],
      ]),
    ),
    '',
  ].join('\n')
