// Which imports are Codex's vocabulary and which the contract's. Only translate*.ts of the daemon may
// use both: everywhere else a change of Codex's protocol must not be able to reach the port.

/** What `@dispatch/codex-client` exports of the generated protocol. */
const codexWords = new Set([
  'protocol',
  'CodexNotification',
  'CodexNotificationParams',
  'CodexParams',
  'CodexResult',
  'CodexServerParams',
  'CodexServerResponse',
])

/** What `@dispatch/contract` exports beside the schemas of the port: errors, bounds, calls, the wire. */
const neutralWords = new Set([
  'bodyToError',
  'bounds',
  'Call',
  'DispatchError',
  'ErrorBody',
  'ErrorCode',
  'ErrorDetails',
  'errorCodes',
  'errorToBody',
  'toDispatchError',
  'Tracked',
  'WIRE',
])

/** The vocabulary that a named import is of, if any. */
export const vocabularyOf = (source: string, name: string): 'codex' | 'contract' | null => {
  if (source === '@dispatch/codex-client' && codexWords.has(name)) return 'codex'
  if (source === '@dispatch/contract' && !neutralWords.has(name)) return 'contract'
  return null
}
