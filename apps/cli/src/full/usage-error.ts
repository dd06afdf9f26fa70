// What commander says of a wrong argv, in our taxonomy: the message without its decoration, the
// nearest command or flag as the hint. Only what may be a typing slip is a hint: a flag that merely looks
// alike means something else, and following the hint would change what is asked for.
import { DispatchError } from '@dispatch/contract/errors'
import { type Command, commandName } from '../commands/command.ts'

/** A refusal of the parser. */
export type Refusal = { code: string; message: string }

/** Where it was refused: the words of the command for the hint, and the command where there is one. */
export type Place = { words: readonly string[]; command: Command | undefined }

const suggestion = /\s*\(Did you mean (?:one of )?(.+?)\?\)\s*$/
const unknownFlag = /unknown option '--([^'=]+)/

/** How many letters of a word the other one lacks. */
const lacking = (word: string, other: string): number => {
  const left = Array.from(other)
  return Array.from(word).filter((letter) => {
    const at = left.indexOf(letter)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  }).length
}

// `--wiat` is `--wait`; `--text` is no `--context`.
const isSlip = (typed: string, flag: string): boolean => {
  const reach = Math.max(1, Math.floor(Math.max(typed.length, flag.length) / 3))
  return Math.max(lacking(typed, flag), lacking(flag, typed)) <= reach
}

/** What is taken by its place was given as a flag: how it is typed. */
const placeHint = (flag: string, command: Command | undefined): string | null => {
  const positionals = command?.fields.filter(({ positional }) => positional) ?? []
  if (!command || !positionals.some(({ name }) => name === flag)) return null
  const usage = [commandName(command), ...positionals.map(({ name }) => name.toUpperCase())]
  return `The ${flag} stands alone, without --${flag}: dispatch ${usage.join(' ')}`
}

/** The usage error of a refusal. */
export const refusalToError = ({ message }: Refusal, { words, command }: Place): DispatchError => {
  const flag = unknownFlag.exec(message)?.[1]
  const suggested = suggestion.exec(message)?.[1]?.split(', ') ?? []
  const nearest = suggested.filter((one) => flag === undefined || isSlip(flag, one.slice(2)))
  const plain = message
    .replace(suggestion, '')
    .replace(/^error:\s*/, '')
    .replaceAll(' <value>', '')
    // What stands behind it may be a whole message.
    .replace(/^(unknown option '--[^'=]+)=.*'$/s, "$1'")
  const sentence = plain.charAt(0).toUpperCase() + plain.slice(1)
  const help = ['dispatch', ...words, '--help'].join(' ')
  const placed = flag === undefined ? null : placeHint(flag, command)
  const isNear = placed === null && nearest.length > 0
  return new DispatchError('usage', sentence.endsWith('.') ? sentence : `${sentence}.`, {
    hint: placed ?? (isNear ? `Did you mean ${nearest.join(' or ')}?` : help),
    ...(isNear ? { details: { nearest } } : {}),
  })
}
