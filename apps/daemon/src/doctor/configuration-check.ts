// configuration: whether the files that a new lane is made of can be read, and what of them does not
// act. Read as `config show` reads them, from the directory that the doctor is called in.
import { type ConfigShowResult, DispatchError } from '@dispatch/contract'
import { type Finding, fail, ok, warn } from './check.ts'

const failed = (error: DispatchError): Finding =>
  fail('The configuration cannot be read: new lanes are refused.', {
    detail: error.message,
    recovery: error.hint,
    data: { ...error.details },
  })

/** Looks at the configuration. */
export const checkConfiguration = (show: () => ConfigShowResult): Finding => {
  try {
    const { files, notes } = show()
    const found = files.filter(({ exists }) => exists).map(({ path }) => path)
    const data = { files: found, notes }
    if (notes.length > 0) {
      return warn('A part of the configuration does not act.', {
        detail: notes.join('\n'),
        recovery: 'dispatch config show',
        data,
      })
    }
    return ok(
      found.length === 0
        ? 'There is no configuration file; none is needed.'
        : `The configuration is well: ${found.join(', ')}.`,
      { data },
    )
  } catch (error) {
    if (!(error instanceof DispatchError)) throw error
    return failed(error)
  }
}
