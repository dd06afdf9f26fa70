// Turns the options that trpc-cli makes into what people expect of flags: a boolean takes no value, a
// value is never optional, a list is repeated instead of swallowing what follows, a number is one.
import { InvalidArgumentError, type Option } from 'commander'
import type { Command as Program } from 'trpc-cli'
import { type Command, type Field, commandName } from '../commands/command.ts'
import { globalFlags } from '../commands/global-flags.ts'
import { textToNumber } from '../commands/invocation.ts'

const checkChoice = (choices: readonly string[] | undefined, value: string): string => {
  if (choices && !choices.includes(value)) {
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`)
  }
  return value
}

const parseNumber = (value: string): number => {
  const number = textToNumber(value)
  if (number === null) throw new InvalidArgumentError('It is no number.')
  return number
}

const switchOption = (option: Option): void => {
  option.flags = option.flags.replace(/\s*\[boolean\]/, '')
  option.required = false
  option.optional = false
  delete option.parseArg
}

const valueOption = (option: Option, field: Field | undefined): void => {
  option.flags = option.flags.replace(/[<[].*[>\]]/, '<value>')
  option.required = true
  option.optional = false
  option.variadic = false
  const repeatable = field?.kind === 'list' || field?.kind === 'pairs'
  option.parseArg = (value: string, previous: unknown): never => {
    const checked = checkChoice(field?.choices, value)
    const result = field?.kind === 'number' ? parseNumber(checked) : checked
    return (repeatable ? [...((previous as string[] | undefined) ?? []), result] : result) as never
  }
}

const polishOption = (option: Option, command: Command): void => {
  // What is missing is told with the input, after a flag that there is none of.
  option.makeOptionMandatory(false)
  const name = option.long?.replace(/^--/, '')
  const field = command.fields.find((one) => !one.positional && one.name === name)
  if (/\[boolean\]/.test(option.flags)) switchOption(option)
  else if (/[<[]/.test(option.flags)) valueOption(option, field)
}

const polishArguments = (program: Program, command: Command): void => {
  for (const argument of program.registeredArguments) {
    const field = command.fields.find((one) => one.positional && one.name === argument.name())
    if (field?.choices) argument.choices(field.choices)
  }
}

const addGlobals = (program: Program): void => {
  for (const { name, value, description, choices } of globalFlags) {
    const option = program.createOption(`--${name}${value ? ' <value>' : ''}`, description)
    program.addOption(choices ? option.choices(choices) : option)
  }
}

// Groups come from trpc-cli as bare commands, which would print and exit by themselves.
const quiet = (program: Program, help: string, print: (text: string) => void): void => {
  program.showHelpAfterError(false)
  program.helpInformation = () => help
  program.configureOutput({ writeOut: print, writeErr: () => undefined })
  program.exitOverride((refusal) => {
    throw new Error('The parser ended.', { cause: refusal })
  })
}

/** What the polish needs beside the program. */
export type Polish = {
  commands: readonly Command[]
  /** Help texts by the words of the command. */
  help: Record<string, string>
  /** Takes what the program would print. */
  print: (text: string) => void
}

/** Polishes a program in place. */
export const polishProgram = (program: Program, { commands, help, print }: Polish): void => {
  const visit = (at: Program, words: readonly string[]): void => {
    const name = words.join(' ')
    quiet(at, help[name] ?? '', print)
    const command = commands.find((one) => commandName(one) === name)
    if (command) {
      polishArguments(at, command)
      for (const option of at.options) polishOption(option, command)
    }
    for (const child of at.commands) visit(child as Program, [...words, child.name()])
  }
  addGlobals(program)
  visit(program, [])
}
