// What a person who fires a trigger by hand is told: an error where it could not be fired, a note where
// it was left out. Pure.
import { DispatchError, type ErrorBody, errorToBody } from '@dispatch/contract'
import type { TriggerRow, TriggerRunRow } from '@dispatch/store'

/** The outcome of an occurrence, for whoever asked for it. */
export type RunVerdict = { error: ErrorBody | null; notes: string[] }

const failedError = ({ name }: TriggerRow, { id, code, detail }: TriggerRunRow): DispatchError =>
  new DispatchError(code ?? 'internal', `Trigger ${name} failed: ${detail ?? 'no reason known'}`, {
    hint: 'dispatch trigger runs --outcome failed',
    details: { run: id },
  })

// Left out, but not for what a lane happens to do: it would be left out again.
const unfitError = ({ id, name }: TriggerRow, run: TriggerRunRow): DispatchError | null => {
  const { reason, detail } = run
  const details = { run: run.id }
  const message = `Trigger ${name} did not fire: ${detail ?? 'no reason known'}`
  if (reason === 'disabled')
    return new DispatchError('validation', message, { hint: `dispatch trigger get ${id}`, details })
  if (reason === 'codex_unavailable')
    return new DispatchError('app_server', message, { hint: 'dispatch doctor', details })
  return null
}

/** What is said of an occurrence that was fired by hand. */
export const runToVerdict = (trigger: TriggerRow, run: TriggerRunRow): RunVerdict => {
  if (run.outcome === 'failed') return { error: errorToBody(failedError(trigger, run)), notes: [] }
  if (run.outcome === 'planned')
    return {
      error: null,
      notes: ['It is on disk and not handed over yet: dispatch goes on with it.'],
    }
  if (run.outcome !== 'skipped') return { error: null, notes: [] }
  const unfit = unfitError(trigger, run)
  if (unfit) return { error: errorToBody(unfit), notes: [] }
  const waits = run.reason === 'busy' && trigger.action !== 'new' && trigger.action !== 'steer'
  const help = waits ? ` dispatch trigger edit ${trigger.id} --overlap queue lets it wait.` : ''
  return { error: null, notes: [`Nothing was sent: it was skipped.${help}`] }
}
