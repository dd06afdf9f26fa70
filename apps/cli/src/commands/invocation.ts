// What a parser makes of an argv: the same for the fast and the full one.
import type { Command } from './command.ts'
import type { Globals } from './global-flags.ts'

/** One given value: a list for repeatable and variadic fields. */
export type Value = string | number | boolean | string[]

/** Values by the names of the command line (flags and positionals), as they were typed. */
export type Values = Record<string, Value>

/** A command with what was typed for it. */
export type Invocation = { command: Command; values: Values; follow: boolean; globals: Globals }

/** An argv is a call, or asks for a text (help, version). */
export type Parsed = { kind: 'call'; invocation: Invocation } | { kind: 'text'; text: string }

/** A decimal number, written plainly; null for anything else. */
export const textToNumber = (text: string): number | null =>
  /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
