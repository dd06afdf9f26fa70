// What a call that destroys is told when it is not confirmed: what it would be done to, and what is lost. Pure.
import { DispatchError } from '@dispatch/contract/errors'
import type { Routed } from './route.ts'

/** What an op says beforehand of a call: whether it destroys, and what. */
export type Plan = { destroys: boolean; losses: string[] }

// What it would be done to: the fields without which there is no such call.
const targetOf = ({ op, input, nameOf }: Routed): string =>
  [...((op.input.required ?? []) as string[]), ...(input.force === true ? ['force'] : [])]
    .filter((key) => key in input)
    .map((key) => `${nameOf(key)}: ${JSON.stringify(input[key])}`)
    .join(', ')

/** The error; `plan` null where the op says nothing beforehand. */
export const unconfirmed = (routed: Routed, plan: Plan | null): DispatchError => {
  const target = targetOf(routed)
  const said = `${routed.what}${target === '' ? '' : ` (${target})`} destroys: it needs confirm: true.`
  return new DispatchError('validation', [said, ...(plan?.losses ?? [])].join(' '), {
    hint: 'The same call with confirm: true.',
    details: { field: 'confirm', ...(plan ? { losses: plan.losses } : {}) },
  })
}
