// A command line as words, as far as that can be told without running a shell: what policy rules are
// compared with, and what is shown of it where there is room for a line alone. Pure.

/** A command line, read. */
export type CommandWords = {
  /** The words of one plain command; null for anything that a shell would do more with. */
  plain: readonly string[] | null
  /** The words of each command in it, read as well as can be. */
  parts: readonly (readonly string[])[]
}

type Token = { kind: 'word'; text: string } | { kind: 'operator' }
/** A line is literal where every word of it is known, plain where that was easy to tell. */
type Line = { tokens: Token[]; isPlain: boolean; isLiteral: boolean }

const operators = /[;&|<>()\n\r]/
/** Acted on by a shell where it is not quoted: expansion, patterns, comments, assignments of a brace. */
const special = /[$`*?[\]{}~#!]/
const blank = /[ \t]/
/** Within double quotes a backslash before anything else stands for itself. */
const escapable = /[$`"\\]/

/** Reads a line by the quoting of a POSIX shell; whatever is not surely literal makes it neither. */
const lineToTokens = (line: string): Line => {
  const tokens: Token[] = []
  let word: string | null = null
  let isLiteral = true
  let hasEscapes = false
  let quote: '"' | "'" | null = null
  const end = (): void => {
    if (word !== null) tokens.push({ kind: 'word', text: word })
    word = null
  }
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? ''
    if (quote === "'") {
      if (char === "'") quote = null
      else word = (word ?? '') + char
    } else if (char === '\\') {
      at += 1
      const next = line[at] ?? ''
      if (next === '' || next === '\n') isLiteral = false
      if (quote === '"') hasEscapes = true
      const stays = quote === '"' && !escapable.test(next)
      word = (word ?? '') + (stays ? char : '') + next
    } else if (quote === '"') {
      if (char === '"') quote = null
      else {
        if (char === '$' || char === '`' || char === '!') isLiteral = false
        word = (word ?? '') + char
      }
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (blank.test(char)) {
      end()
    } else if (operators.test(char)) {
      end()
      tokens.push({ kind: 'operator' })
      isLiteral = false
    } else {
      if (special.test(char) || char.charCodeAt(0) < 32) isLiteral = false
      word = (word ?? '') + char
    }
  }
  end()
  if (quote !== null) isLiteral = false
  return { tokens, isLiteral, isPlain: isLiteral && !hasEscapes }
}

const isAssignment = (word: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(word)

const tokensToParts = (tokens: readonly Token[]): string[][] => {
  const parts: string[][] = [[]]
  for (const token of tokens) {
    if (token.kind === 'operator') parts.push([])
    else parts.at(-1)?.push(token.text)
  }
  return parts.filter((part) => part.length > 0)
}

const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh'])

const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1)

/** The script of `bash -lc SCRIPT`, which is how Codex runs nearly everything. */
const wordsToScript = (words: readonly string[]): string | null => {
  const [program = '', flag = '', script] = words
  if (words.length !== 3 || !shells.has(nameOf(program)) || !/^-l?c$/.test(flag)) return null
  return script ?? null
}

const lineToScript = ({ tokens, isLiteral }: Line): string | null => {
  const [only, ...others] = tokensToParts(tokens)
  return isLiteral && only && others.length === 0 ? wordsToScript(only) : null
}

/** Reads a command line. */
export const commandToWords = (command: string): CommandWords => {
  const outer = lineToTokens(command)
  const script = lineToScript(outer)
  const line = script === null ? outer : lineToTokens(script)
  const inner = tokensToParts(line.tokens)
  const [first] = inner
  const isOne = outer.isPlain && line.isPlain && inner.length === 1 && first !== undefined
  return {
    // A variable set in front may make any program do anything.
    plain: isOne && !isAssignment(first[0] ?? '') ? first : null,
    parts: inner.map((part) => {
      const from = part.findIndex((word) => !isAssignment(word))
      return from < 0 ? [] : part.slice(from)
    }),
  }
}

/** A shell that is what its name says; one in any other folder is shown. */
const usualShell =
  /^(?:(?:\/usr|\/usr\/local|\/opt\/homebrew|\/run\/current-system\/sw)?\/bin\/)?(?:sh|bash|zsh|dash|ksh)$/

/** A command line where there is room for a line alone: without the shell that Codex runs nearly everything in. */
export const commandToShown = (command: string): string => {
  const line = lineToTokens(command)
  const script = lineToScript(line)
  const [program] = line.tokens
  const isUsual = program?.kind === 'word' && usualShell.test(program.text)
  return isUsual && script !== null && script.trim() !== '' ? script : command
}

/** Whether a command begins with the words of a prefix. */
export const isPrefixOf = (prefix: readonly string[], words: readonly string[]): boolean =>
  prefix.length > 0 && prefix.every((word, at) => words[at] === word)

/** The same with the program's folder left out: for what is denied, wherever it is found. */
export const isPrefixByNameOf = (prefix: readonly string[], words: readonly string[]): boolean => {
  const [program = '', ...rest] = words
  return isPrefixOf(prefix, words) || isPrefixOf(prefix, [nameOf(program), ...rest])
}

/** The words of a prefix, which is typed without quotes or given as a list. */
export const prefixToWords = (prefix: string | readonly string[]): readonly string[] =>
  typeof prefix === 'string' ? prefix.split(/\s+/).filter((word) => word !== '') : prefix
