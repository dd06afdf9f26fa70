// The command lines of dispatch in a line of a shell, after a pipe too, and those that the sentences of a
// document name. Words as a shell would make them.
import { type Document, proseOf } from './documents.ts'

/** A command line, without the name of the program. */
export type Example = { path: string; line: string; argv: string[] }

const token =
  /\s*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|(<\(|\|\||&&|\$\(|[|;&<>()]|\d?>&?\d?)|(#.*$)|((?:[^\s'"|;&<>()\\]|\\.)+))/gy

type Word = { text: string; isOperator: boolean; glued: boolean }

const wordsOf = (line: string): Word[] => {
  const words: Word[] = []
  let end = 0
  for (const match of line.matchAll(token)) {
    const [whole, single, double, operator, comment, plain] = match
    if (comment !== undefined) break
    const glued = match.index === end && !/^\s/.test(whole)
    end = match.index + whole.length
    const text = single ?? double ?? plain ?? operator ?? ''
    const isOperator = operator !== undefined
    const before = words.at(-1)
    if (glued && before && !before.isOperator && !isOperator) before.text += text
    else words.push({ text, isOperator, glued })
  }
  return words
}

// A command begins at the start, or after an operator; `VAR=value` before it sets its environment.
const commandsOf = (words: readonly Word[]): string[][] => {
  const commands: string[][] = [[]]
  for (const { text, isOperator } of words) {
    if (isOperator) commands.push([])
    else commands.at(-1)?.push(text)
  }
  return commands.map((command) => {
    const at = command.findIndex((word) => !/^[A-Z_]+=/.test(word))
    return command.slice(at < 0 ? command.length : at)
  })
}

// How a document says that dispatch is run from the checkout.
const runners = [
  ['pnpm', 'exec'],
  ['npx', '-y', 'pnpm@12.21.0', 'exec'],
]

const withoutRunner = (command: string[]): string[] => {
  const runner = runners.find((words) => words.every((word, at) => command[at] === word))
  return runner ? command.slice(runner.length) : command
}

/** The command lines of dispatch in one line of a shell. */
export const argvsOf = (line: string): string[][] =>
  commandsOf(wordsOf(line))
    .map(withoutRunner)
    .filter(([program]) => program === 'dispatch')
    .map(([, ...argv]) => argv)

const inlineCode = (text: string): string[] =>
  [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

/** The command lines of dispatch that the sentences of a document name. */
export const examplesOf = ({ path, text }: Document): Example[] =>
  inlineCode(text).flatMap((line) => argvsOf(line).map((argv) => ({ path, line, argv })))
