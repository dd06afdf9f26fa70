// A run of the CLI from argv to exit status: the fast parser, the full one where it has nothing to
// say, then the call. Every error ends here.
import { errorToBody, toDispatchError } from '@dispatch/contract/errors'
import type { Parsed } from './commands/invocation.ts'
import type { Globals } from './commands/global-flags.ts'
import { takeSwitches } from './commands/switches.ts'
import { exitOf, reportOf } from './errors/report.ts'
import { execute, type Reach } from './execute.ts'
import { parseFast } from './fast/parse.ts'
import type { Io } from './io.ts'
import { isJson } from './output/printer.ts'
import type { Tables } from './tables.ts'

const parse = async (tables: Tables, argv: readonly string[]): Promise<Parsed> => {
  const fast = parseFast(tables, argv)
  if (fast !== null) return fast
  const { makeFullParser } = await import('./full/parse.ts')
  return makeFullParser(tables)(argv)
}

// What a wrong argv asked for, as far as it can be read.
const wantsJson = (io: Io): boolean => {
  const end = io.argv.indexOf('--')
  const flags = end < 0 ? io.argv : io.argv.slice(0, end)
  const at = flags.findLastIndex((flag) => flag === '--output' || flag.startsWith('--output='))
  const format = at < 0 ? undefined : (flags[at]?.split('=')[1] ?? flags[at + 1])
  return isJson(
    {
      ...(flags.includes('--json') ? { json: true } : {}),
      ...(format === 'json' || format === 'text' ? { output: format } : {}),
    },
    io,
  )
}

// What the completion scripts say first; no command.
const COMPLETE = 'complete'

/** Runs dispatch; gives the exit status. */
export const run = async (io: Io, tables: Tables, reach: Reach): Promise<number> => {
  let globals: Globals | null = null
  try {
    if (io.argv[0] === COMPLETE && io.argv[1] === '--') {
      const { answerCompletion } = await import('./local/completion/answer.ts')
      return await answerCompletion(io, tables, reach)
    }
    const parsed = await parse(tables, io.argv)
    if (parsed.kind === 'call') {
      const invocation = takeSwitches(parsed.invocation)
      globals = invocation.globals
      return await execute({ io, tables, invocation }, reach)
    }
    await io.write(parsed.text)
    return 0
  } catch (thrown) {
    const body = errorToBody(toDispatchError(thrown))
    io.writeError(reportOf(body, globals === null ? wantsJson(io) : isJson(globals, io)))
    return exitOf(body)
  }
}
