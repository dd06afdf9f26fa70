// The days of a cron expression, counted from 1970-01-01. Owns how its three fields of days go together.
import type { CronFields } from './expression.ts'

/** Days of the calendar, without a zone. */
export type Days = {
  has(day: number): boolean
  /** The first of them from `day` on, with `day`: later ones for a step of 1, earlier ones for -1. */
  nearest(day: number, step: 1 | -1): number | null
}

export const DAY = 86_400_000

/** 29 February on one day of the week comes every 40 years at the most. */
export const DAYS_MAX = 41 * 366

/** The days on which an expression runs. */
export const makeDays = ({ dayOfMonth, month, dayOfWeek }: CronFields): Days => {
  // cron(5): restricted both, either will do; what begins with * is not restricted.
  const either = !dayOfMonth.star && !dayOfWeek.star
  const isMonth = (date: Date): boolean => month.has[date.getUTCMonth() + 1] === true
  const isDay = (date: Date): boolean => {
    const ofMonth = dayOfMonth.has[date.getUTCDate()] === true
    const ofWeek = dayOfWeek.has[date.getUTCDay()] === true
    return either ? ofMonth || ofWeek : ofMonth && ofWeek
  }
  /** The first day of the next month, or the last of the one before. */
  const monthBeyond = (date: Date, step: 1 | -1): number => {
    const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + (step === 1 ? 1 : 0)) / DAY
    return step === 1 ? first : first - 1
  }
  return {
    has: (day) => {
      const date = new Date(day * DAY)
      return isMonth(date) && isDay(date)
    },
    nearest: (start, step) => {
      let day = start
      while (Math.abs(day - start) < DAYS_MAX) {
        const date = new Date(day * DAY)
        if (!isMonth(date)) day = monthBeyond(date, step)
        else if (isDay(date)) return day
        else day += step
      }
      return null
    },
  }
}
