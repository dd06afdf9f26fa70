// A command line as words, as far as that can be told without running a shell: what policy rules are
// compared with. Pure.

/** A command line, read. */
export type CommandWords = {
  /** The words of one plain command; null for anything that a shell would do more with. */
  plain: readonly string[] | null
  /** The words of each command in it, read as well as can be. */
  parts: readonly (readonly string[])[]
}

type Token = { kind: 'word'; text: string } | { kind: 'operator' }
type Line = { tokens: Token[]; isPlain: boolean }

const operators = /[;&|<>()\n\r]/
/** Acted on by a shell where it is not quoted: expansion, patterns, comments, assignments of a brace. */
const special = /[$`*?[\]{}~#!]/
const blank = /[ \t]/

/** Reads a line by the quoting of a POSIX shell; whatever is not surely literal makes it not plain. */
const lineToTokens = (line: string): Line => {
  const tokens: Token[] = []
  let word: string | null = null
  let isPlain = true
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
      // Also inside double quotes, where only some are special: the line is no plain one then.
      at += 1
      const next = line[at]
      if (next === undefined || next === '\n' || quote === '"') isPlain = false
      word = (word ?? '') + (next ?? '')
    } else if (quote === '"') {
      if (char === '"') quote = null
      else {
        if (char === '$' || char === '`' || char === '!') isPlain = false
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
      isPlain = false
    } else {
      if (special.test(char) || char.charCodeAt(0) < 32) isPlain = false
      word = (word ?? '') + char
    }
  }
  end()
  return { tokens, isPlain: isPlain && quote === null }
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

/** Reads a command line. */
export const commandToWords = (command: string): CommandWords => {
  const outer = lineToTokens(command)
  const parts = tokensToParts(outer.tokens)
  const [only] = parts
  const script = outer.isPlain && parts.length === 1 && only ? wordsToScript(only) : null
  const line = script === null ? outer : lineToTokens(script)
  const inner = script === null ? parts : tokensToParts(line.tokens)
  const [first] = inner
  const isOne = line.isPlain && inner.length === 1 && first !== undefined
  return {
    // A variable set in front may make any program do anything.
    plain: isOne && !isAssignment(first[0] ?? '') ? first : null,
    parts: inner.map((part) => {
      const from = part.findIndex((word) => !isAssignment(word))
      return from < 0 ? [] : part.slice(from)
    }),
  }
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
