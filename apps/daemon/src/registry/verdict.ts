// What a look at a registry comes to: usable, or why not.
import { DispatchError, errorToBody, toDispatchError, type VerifyResult } from '@dispatch/contract'
import type { RegistryReport } from '@dispatch/store'
import { copyFailureToError, noCopyHintOf } from './registry-failure.ts'

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

/** The file that is judged, and the registry of the home: the same, or a copy that was named. */
type Judged = { file: string; database: string }

const hintOf = (
  { schemaVersion, supportedVersion }: RegistryReport,
  { file, database }: Judged,
): string => {
  if (schemaVersion > supportedVersion) return 'Upgrade dispatch to the version that wrote it.'
  return file === database
    ? 'dispatch registry restore FILE, with a copy that dispatch registry verify FILE finds sound.'
    : noCopyHintOf(database)
}

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

const noFile = ({ file, database }: Judged): DispatchError =>
  new DispatchError('validation', `There is no registry at ${file}.`, {
    hint: file === database ? 'dispatch up makes one.' : noCopyHintOf(database),
    details: { file },
  })

/** The verdict on a file, whatever comes of reading it. */
export const reportToVerdict = (
  judged: Judged,
  read: () => RegistryReport | null,
): VerifyResult => {
  const { file } = judged
  let report: RegistryReport | null
  try {
    report = read()
  } catch (thrown) {
    return failed(file, toDispatchError(copyFailureToError(thrown, judged)))
  }
  if (report === null) return failed(file, noFile(judged))
  const faults = reportToFaults(report)
  const { bytes, schemaVersion, supportedVersion, rows } = report
  const code = schemaVersion > supportedVersion ? 'conflict' : 'internal'
  const error = new DispatchError(code, `${file} cannot be used: ${faults[0]}.`, {
    hint: hintOf(report, judged),
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
