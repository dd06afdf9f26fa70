// A cron expression as a whole: five fields or an @ form. Owns their number and their names, and the
// search for what was probably meant; what a field may hold is field.ts.
import { ScheduleError } from '../errors.ts'
import { nearestWord } from '../nearest.ts'
import { FIELD_RULES, type FieldKey, type FieldValues, readField } from './field.ts'

/** The fields of an expression, read. */
export type CronFields = Readonly<Record<FieldKey, FieldValues>>

/** The longest expression that is read; one that lists every value of every field has half of it. */
const LENGTH_MAX = 1_024

const FORMS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const formFields = (form: string): string => {
  const known = Object.keys(FORMS)
  const fields = Object.hasOwn(FORMS, form) ? FORMS[form] : undefined
  if (fields !== undefined) return fields
  const why = form.startsWith('@every')
    ? 'is of another cron: an interval does that.'
    : form === '@reboot'
      ? 'names no time.'
      : 'is not known.'
  throw new ScheduleError(
    'expression',
    `“${form}” ${why} The @ forms are ${known.join(', ')}.`,
    why === 'is not known.' ? nearestWord(form, known) : null,
  )
}

/** With seconds in front, or a year behind, the five are within; one that lacks is the last. */
const fiveOf = (fields: readonly string[]): string | null => {
  if (fields.length === 4) return [...fields, '*'].join(' ')
  if (fields.length === 6 || fields.length === 7) return fields.slice(1, 6).join(' ')
  return null
}

const splitFields = (text: string): string[] => {
  const fields = text.startsWith('@')
    ? formFields(text.toLowerCase()).split(' ')
    : text.split(/\s+/)
  if (fields.length === 5) return fields
  const found = text === '' ? 'It is empty' : `It has ${fields.length}`
  throw new ScheduleError(
    'expression',
    `A cron expression has five fields: minute, hour, day of month, month, day of week. ${found}.`,
    fiveOf(fields),
  )
}

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** 30 February and the like: days alone restrict, and no month has them. */
const requireSomeDay = ({ dayOfMonth, month, dayOfWeek }: CronFields): void => {
  if (!dayOfWeek.star && !dayOfMonth.star) return
  const some = DAYS_OF_MONTH.some(
    (days, index) => month.has[index + 1] && dayOfMonth.has.slice(1, days + 1).includes(true),
  )
  if (some) return
  const day = dayOfMonth.has.indexOf(true)
  throw new ScheduleError('day of month', `day of month: no month that it names has a day ${day}.`)
}

const readOnce = (text: string): CronFields => {
  const fields = splitFields(text)
  const values = FIELD_RULES.map((rule, at) => {
    try {
      return readField(rule, fields[at] ?? '')
    } catch (error) {
      if (!(error instanceof ScheduleError) || error.suggestion === null) throw error
      const mended = fields.with(at, error.suggestion === '' ? '*' : error.suggestion)
      throw new ScheduleError(error.field, error.message, mended.join(' '))
    }
  })
  const [minute, hour, dayOfMonth, month, dayOfWeek] = values as [
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
  ]
  const read = { minute, hour, dayOfMonth, month, dayOfWeek }
  requireSomeDay(read)
  return read
}

/** A suggestion is mended on, fault by fault, until it can be read; else there is none. */
const readable = (suggestion: string | null): string | null => {
  let text = suggestion
  for (let fault = 0; text !== null && fault < 10; fault += 1) {
    try {
      readOnce(text)
      return text
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error
      text = error.suggestion
    }
  }
  return null
}

/** Reads an expression. @throws ScheduleError that names the field; its suggestion is an expression that reads. */
export const readExpression = (expression: string): CronFields => {
  if (expression.length > LENGTH_MAX) {
    throw new ScheduleError(
      'expression',
      `The expression has ${expression.length} characters; ${LENGTH_MAX} are the most.`,
    )
  }
  try {
    return readOnce(expression.trim())
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error
    throw new ScheduleError(error.field, error.message, readable(error.suggestion))
  }
}
