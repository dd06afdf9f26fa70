// A check and its four ends. A check that throws has failed and says so: no check ends the doctor.
import type { Check, DoctorResult } from '@dispatch/contract'
import { fileFaultToWords, isFileFault } from '@dispatch/contract/file-faults'

/** What a check may say beside its summary. */
export type Said = { detail?: string | null; recovery?: string | null; data?: Check['data'] }

/** What came of a check. */
export type Finding = Omit<Check, 'name'>

const finding =
  (status: Check['status']) =>
  (summary: string, { detail = null, recovery = null, data = {} }: Said = {}): Finding => ({
    status,
    summary,
    detail,
    recovery,
    data,
  })

/** Well. */
export const ok = finding('ok')
/** It works, but a person should look at it. */
export const warn = finding('warn')
/** It does not work. */
export const fail = finding('fail')
/** It was not looked at. */
export const skipped = finding('skipped')

const faultToDetail = (error: unknown): string => {
  if (!isFileFault(error)) return error instanceof Error ? error.message : String(error)
  const { path } = error as { path?: unknown }
  const words = fileFaultToWords(error)
  return typeof path === 'string' ? `${path}: ${words}` : words
}

/** Carries a check out. */
export const check = async (
  name: string,
  look: () => Finding | Promise<Finding>,
): Promise<Check> => {
  try {
    return { name, ...(await look()) }
  } catch (error) {
    return { name, ...fail('This could not be looked at.', { detail: faultToDetail(error) }) }
  }
}

/** The worst of the checks; one that was skipped says nothing. */
export const worstOf = (checks: readonly Check[]): DoctorResult['status'] => {
  const has = (status: Check['status']): boolean => checks.some((one) => one.status === status)
  if (has('fail')) return 'fail'
  return has('warn') ? 'warn' : 'ok'
}
