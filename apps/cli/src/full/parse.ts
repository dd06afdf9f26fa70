// The full parser: trpc-cli over the folded commands. It takes every argv, and words every error and
// help; the call itself is made elsewhere, from what it hands back. Costs some 150 ms to load.
import { createCli, type Command as Program } from 'trpc-cli'
import { DispatchError } from '@dispatch/contract/errors'
import { type Command, freeWords } from '../commands/command.ts'
import { isGroup } from '../commands/find.ts'
import type { Globals } from '../commands/global-flags.ts'
import type { Invocation, Parsed, Value, Values } from '../commands/invocation.ts'
import type { Tables } from '../tables.ts'
import { polishProgram } from './polish.ts'
import { commandsToRouter, pathOf } from './router.ts'
import { type Place, type Refusal, refusalToError } from './usage-error.ts'

type Called = { path: string; input: Record<string, unknown> }

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value

// trpc-cli calls a procedure through the server it is given: ours notes the call and does nothing.
const recorder = (note: (called: Called) => void): object => ({
  initTRPC: {
    create: () => ({
      createCallerFactory: () => () =>
        new Proxy(
          {},
          {
            get: (_target, path) => async (input: Record<string, unknown>) => {
              note({ path: String(path), input })
            },
          },
        ),
    }),
  },
})

const givenValues = (input: Record<string, unknown>): Values =>
  Object.fromEntries(
    Object.entries(input).filter(
      (entry): entry is [string, Value] =>
        entry[1] !== undefined && !(Array.isArray(entry[1]) && entry[1].length === 0),
    ),
  )

const givenGlobals = (options: Record<string, unknown>): Globals => ({
  ...(options.json === true ? { json: true } : {}),
  ...(options.output === 'json' || options.output === 'text' ? { output: options.output } : {}),
  ...(options.color === false ? { color: false } : {}),
  ...(options.yes === true ? { yes: true } : {}),
  ...(options.interactive === false ? { interactive: false } : {}),
  ...(typeof options.home === 'string' ? { home: options.home } : {}),
})

const calledToInvocation = (called: Called, commands: Command[], program: Program): Invocation => {
  const command = commands.find((one) => pathOf(one) === called.path) as Command
  const { follow, ...values } = givenValues(called.input)
  const globals = givenGlobals(program.opts())
  const words = freeWords(command)
  if (follow === true && words) {
    const all = [...((values[words.name] as string[] | undefined) ?? []), '--follow']
    return { command, values: { ...values, [words.name]: all }, follow: false, globals }
  }
  return { command, values, follow: follow === true, globals }
}

const placeOf = (commands: readonly Command[], argv: readonly string[]): Place => {
  const plain = argv.filter((arg) => !arg.startsWith('-'))
  const command = commands.find((one) => one.words.every((word, at) => word === plain[at]))
  if (command) return { words: command.words, command }
  const [group] = plain
  const isWord = group !== undefined && isGroup(commands, group)
  return { words: isWord ? [group] : [], command }
}

// trpc-cli wraps what commander threw, once or twice.
const refusalOf = (thrown: unknown): Refusal => {
  if (isRefusal(thrown)) return thrown
  if (thrown instanceof Error && thrown.cause !== undefined) return refusalOf(thrown.cause)
  throw thrown
}

type Run = { called: Called | null; text: string; refusal: Refusal | null }

/** Parses argvs, one at a time. */
export type FullParser = (argv: readonly string[]) => Promise<Parsed>

/** A parser of argvs for the commands of the tables; it throws usage errors. */
export const makeFullParser = (tables: Tables): FullParser => {
  const { commands } = tables
  let run: Run = { called: null, text: '', refusal: null }
  const print = (text: unknown): void => void (run.text += String(text))
  const params = {
    prompts: false,
    logger: { info: print, error: () => undefined },
    process: { exit: () => undefined },
  }
  const cli = createCli({
    router: commandsToRouter(commands) as never,
    name: 'dispatch',
    version: tables.version,
    trpcServer: recorder((called) => (run.called = called)) as never,
  })
  const program = cli.buildProgram({ ...params, argv: [] } as never) as Program
  polishProgram(program, { commands, help: tables.help(), print })

  return async (argv) => {
    run = { called: null, text: '', refusal: null }
    try {
      await cli.run({ ...params, argv: [...argv] } as never, program)
    } catch (thrown) {
      // It always throws, because our `exit` returns; after a call there is nothing else to know.
      if (run.called === null) run.refusal = refusalOf(thrown)
    }
    return runToParsed(run, { commands, argv, program, help: tables.help() })
  }
}

type Asked = {
  commands: Command[]
  argv: readonly string[]
  program: Program
  help: Record<string, string>
}

// The program, or a group alone: its help, as when help was asked for. Of a group with flags something was
// wanted, and what is not said.
const withoutCommand = (
  words: readonly string[],
  { argv, commands, help }: Pick<Asked, 'argv' | 'commands' | 'help'>,
): Parsed => {
  const name = words.join(' ')
  if (name === '' || argv.length <= words.length) return { kind: 'text', text: help[name] ?? '' }
  const own = commands.filter((one) => one.words[0] === name && one.words.length > 1)
  const which = own.map((one) => one.words.slice(1).join(' ')).join(', ')
  throw new DispatchError('usage', `Missing: a command of ${name}: ${which}.`, {
    hint: `dispatch ${name} --help`,
  })
}

const runToParsed = (run: Run, { commands, argv, program, help }: Asked): Parsed => {
  const { called, text, refusal } = run
  if (called) return { kind: 'call', invocation: calledToInvocation(called, commands, program) }
  if (text !== '') return { kind: 'text', text: text.endsWith('\n') ? text : `${text}\n` }
  const place = placeOf(commands, argv)
  if (refusal?.code === 'commander.help') {
    return withoutCommand(place.words, { argv, commands, help })
  }
  throw refusalToError(refusal ?? { code: '', message: 'Nothing to do' }, place)
}
