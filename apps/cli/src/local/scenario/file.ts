// Reads the file of a scenario; says where it is wrong.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import { fileFaultToWords, isFileFault } from '@dispatch/contract/file-faults'
import { problemsToMessage } from '@dispatch/contract/input-error'
import { issueToProblems } from '@dispatch/contract/input-problem'
import { ScenarioFile } from '@dispatch/contract/scenario-file'
import { parse, TomlError } from 'smol-toml'

type Problem = { message: string; hint?: string; cause: unknown }

const refuse = (file: string, { message, hint = `Edit ${file}.`, cause }: Problem) =>
  new DispatchError('validation', message, { hint, details: { file }, cause })

const READ_HINT = 'Give the path of a scenario; dispatch scenario --help shows an example.'

const readText = (file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    const message = `Cannot read ${file}: ${fileFaultToWords(cause)}.`
    throw refuse(file, { message, ...(isFileFault(cause) ? { hint: READ_HINT } : {}), cause })
  }
}

const parseToml = (file: string): unknown => {
  try {
    return parse(readText(file))
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [what] = cause.message.split('\n')
    throw refuse(file, { message: `${file}:${cause.line}:${cause.column}: ${what}`, cause })
  }
}

/** The scenario in that file; throws `validation`. */
export const readScenario = (file: string): ScenarioFile => {
  const data = parseToml(file)
  const parsed = ScenarioFile.safeParse(data)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => issueToProblems(issue, data))
  const message = `${basename(file)}: ${problemsToMessage(problems)}`
  throw refuse(file, { message, cause: parsed.error })
}
