// The page on the error codes.
import { foldManifest } from '@dispatch/cli'
import { appRouter, describeRouter, type ErrorCode, errorCodes } from '@dispatch/contract'
import { errorWords } from './error-words.ts'
import { tableLines } from './table.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

// Those that have an answer for a bad end, as they are typed.
const verdicts = foldManifest(describeRouter(appRouter))
  .filter(({ plain }) => plain.verdict)
  .map(({ words }) => `\`${words.join(' ')}\``)
  .join(', ')

const intro = `# Errors

Made from the contract by \`pnpm run docs\`; do not edit.

An error is one object. The command line prints it on stderr: as JSON where the output is JSON, else as a sentence and a hint. Stdout then stays empty, but for commands whose answer matters also when it is bad: they print the answer on stdout, with the same object in its \`error\`, and the error on stderr too. These are ${verdicts}.

\`\`\`json
{
  "error": {
    "code": "lane_busy",
    "message": "@docs has an active turn.",
    "hint": "dispatch send 0WHcD1 ... with --queue, --steer or --interject",
    "retryable": true,
    "details": {
      "lane": {
        "ref": "0WHcD1",
        "id": "01a08340-5251-7d23-87b0-50f6e1911115",
        "handle": "@docs"
      }
    }
  }
}
\`\`\`

\`retryable\`: the same call may succeed later. \`details\` is an object by code, such as the candidates of an ambiguous selector, or null. Programs go by \`code\` and \`details\`; the words of \`message\` and \`hint\` may change.

The exit status is 0 where what was asked for is done, 130 where Ctrl-C ended the command, else that of the code. \`down\` with nothing to end and \`up\` with nothing to start are done.
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
