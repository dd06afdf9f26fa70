// Reads the file of a scenario; says where it is wrong.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import { fileFaultToWords } from '@dispatch/contract/file-faults'
import { problemsToMessage } from '@dispatch/contract/input-error'
import { issueToProblems } from '@dispatch/contract/input-problem'
import { ScenarioFile } from '@dispatch/contract/scenario-file'
import { parse, TomlError } from 'smol-toml'

const refuse = (file: string, message: string, cause: unknown): DispatchError =>
  new DispatchError('validation', message, { hint: `Edit ${file}.`, details: { file }, cause })

const readText = (file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    throw refuse(file, `Cannot read ${file}: ${fileFaultToWords(cause)}.`, cause)
  }
}

const parseToml = (file: string): unknown => {
  try {
    return parse(readText(file))
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    const [what] = cause.message.split('\n')
    throw refuse(file, `${file}:${cause.line}:${cause.column}: ${what}`, cause)
  }
}

/** The scenario in that file; throws `validation`. */
export const readScenario = (file: string): ScenarioFile => {
  const data = parseToml(file)
  const parsed = ScenarioFile.safeParse(data)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => issueToProblems(issue, data))
  throw refuse(file, `${basename(file)}: ${problemsToMessage(problems)}`, parsed.error)
}
