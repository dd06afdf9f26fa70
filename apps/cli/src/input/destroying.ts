// Which calls destroy, and so need a confirmation.
import type { Shaped } from './shape.ts'

/** Whether the call destroys: by the op's intent, or because `force` goes over a refusal. */
export const isDestroying = ({ form, input }: Shaped): boolean =>
  form.intent === 'destroy' || (form.intent === 'write' && input.force === true)
