// What commander says of a wrong argv, in our taxonomy: the message without its decoration, the
// nearest command or flag as the hint.
import { DispatchError } from '@dispatch/contract/errors'

/** A refusal of the parser. */
export type Refusal = { code: string; message: string }

const suggestion = /\s*\(Did you mean (?:one of )?(.+?)\?\)\s*$/

/** The usage error of a refusal; `words` are those of the command, for the hint. */
export const refusalToError = ({ message }: Refusal, words: readonly string[]): DispatchError => {
  const nearest = suggestion.exec(message)?.[1]
  const plain = message
    .replace(suggestion, '')
    .replace(/^error:\s*/, '')
    .replaceAll(' <value>', '')
  const sentence = plain.charAt(0).toUpperCase() + plain.slice(1)
  const help = ['dispatch', ...words, '--help'].join(' ')
  return new DispatchError('usage', sentence.endsWith('.') ? sentence : `${sentence}.`, {
    hint: nearest ? `Did you mean ${nearest.split(', ').join(' or ')}?` : help,
    ...(nearest ? { details: { nearest: nearest.split(', ') } } : {}),
  })
}
