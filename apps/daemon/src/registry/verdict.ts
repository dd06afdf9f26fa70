// What a look at a registry comes to: usable, or why not.
import { DispatchError, errorToBody, toDispatchError, type VerifyResult } from '@dispatch/contract'
import type { RegistryReport } from '@dispatch/store'
import { registryFailureToError } from './registry-failure.ts'

/** Everything that is wrong with what was read. */
const reportToFaults = (report: RegistryReport): string[] => [
  ...report.faults,
  ...report.missingTables.map((name) => `the table ${name} is missing`),
  ...(report.danglingRows > 0
    ? [`${report.danglingRows} rows refer to rows that are not there`]
    : []),
  ...(report.schemaVersion > report.supportedVersion
    ? [
        `schema ${report.schemaVersion} is newer than ${report.supportedVersion}, which this dispatch knows`,
      ]
    : []),
  ...(report.schemaVersion === 0 ? ['it has no tables'] : []),
]

const hintOf = ({ schemaVersion, supportedVersion }: RegistryReport): string =>
  schemaVersion > supportedVersion
    ? 'Upgrade dispatch to the version that wrote it.'
    : 'dispatch registry restore FILE, with a copy that dispatch registry verify FILE finds sound.'

const failed = (file: string, error: DispatchError): VerifyResult => ({
  status: 'fail',
  file,
  bytes: 0,
  schemaVersion: null,
  supportedVersion: null,
  faults: [error.message],
  rows: {},
  error: errorToBody(error),
})

const noFile = (file: string): DispatchError =>
  new DispatchError('validation', `There is no registry at ${file}.`, {
    hint: 'dispatch up makes one.',
    details: { file },
  })

/** The verdict on a file, whatever comes of reading it. */
export const reportToVerdict = (file: string, read: () => RegistryReport | null): VerifyResult => {
  let report: RegistryReport | null
  try {
    report = read()
  } catch (thrown) {
    return failed(file, toDispatchError(registryFailureToError(thrown)))
  }
  if (report === null) return failed(file, noFile(file))
  const faults = reportToFaults(report)
  const { bytes, schemaVersion, supportedVersion, rows } = report
  const code = schemaVersion > supportedVersion ? 'conflict' : 'internal'
  const error = new DispatchError(code, `${file} cannot be used: ${faults[0]}.`, {
    hint: hintOf(report),
    details: { file },
  })
  return {
    status: faults.length === 0 ? 'ok' : 'fail',
    file,
    bytes,
    schemaVersion,
    supportedVersion,
    faults,
    rows,
    error: faults.length === 0 ? null : errorToBody(error),
  }
}
