// The words of the contract, written for a command line too, as MCP says them: a flag is the field that
// it sets, and a sentence on what MCP has not (--follow) is left out. Pure.
import { kebabCase } from '@dispatch/contract/kebab-case'
import type { FieldMeta, JsonSchema, ManifestOp } from '@dispatch/contract/manifest'

/** A path or name as a word of a tool. */
export const snakeCase = (path: string): string => kebabCase(path).replaceAll(/[.-]/g, '_')

const fieldOfFlag = (flag: string, fields: Record<string, JsonSchema & FieldMeta>) => {
  const named = Object.entries(fields).find(
    ([key, schema]) => (schema.flag ?? kebabCase(key)) === flag || schema.fileFlag === flag,
  )
  return named?.[0]
}

// Null where no field is set by it.
const flagToWords = (flag: string, fields: Record<string, JsonSchema>): string | null => {
  const key = fieldOfFlag(flag, fields)
  if (key !== undefined) return key
  const negated = flag.startsWith('no-') ? fieldOfFlag(flag.slice(3), fields) : undefined
  if (negated !== undefined) return `${negated}: false`
  const chosen = Object.entries(fields as Record<string, FieldMeta>).find(([, field]) =>
    field.switches?.includes(flag),
  )
  return chosen ? `${chosen[0]}: ${flag}` : null
}

const camelCase = (flag: string): string =>
  flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

const FLAG = /--([a-z][a-z-]*)/g

/** A text or a file of it is one field. */
const EITHER = /--([a-z][a-z-]*) or --([a-z][a-z-]*)/g

/** A text with the fields in it that its flags set. */
export const withoutFlags = (text: string): string =>
  text.replaceAll(FLAG, (_, flag: string) => camelCase(flag))

/** A text with the fields of an op in it that its flags set; a flag of something else stays. */
export const flagsToFields = (text: string, { input }: Pick<ManifestOp, 'input'>): string => {
  const fields = (input.properties ?? {}) as Record<string, JsonSchema>
  const toWords = (whole: string, flag: string): string => flagToWords(flag, fields) ?? whole
  return text
    .replaceAll(EITHER, (whole, one: string, other: string) => {
      const words = toWords(`--${one}`, one)
      return words === toWords(`--${other}`, other) ? words : whole
    })
    .replaceAll(FLAG, toWords)
}

const sentencesOf = (text: string): string[] => text.split(/(?<=\.)\s+(?=[A-Z])/)

/** A text on an op, or on one of its fields, without the command line in it. */
export const inWordsOfTools = (text: string, { input }: Pick<ManifestOp, 'input'>): string => {
  const fields = (input.properties ?? {}) as Record<string, JsonSchema>
  const said = sentencesOf(text).flatMap((sentence) => {
    let isSayable = true
    const words = sentence.replaceAll(FLAG, (whole, flag: string) => {
      const replaced = flagToWords(flag, fields)
      isSayable &&= replaced !== null
      return replaced ?? whole
    })
    return isSayable ? [words] : []
  })
  return said.length === 0 ? withoutFlags(text) : said.join(' ')
}
