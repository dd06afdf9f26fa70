// Which calls destroy, and so need a confirmation on every surface. Free of zod and tRPC.
import type { OpMeta } from './meta.ts'

/** A call, as far as that depends on it. */
export type DestroyingCall = {
  intent: OpMeta['intent']
  input: Readonly<Record<string, unknown>>
}

/** Whether the call destroys: by the op's intent, or because `force` goes over a refusal. */
export const isDestroying = ({ intent, input }: DestroyingCall): boolean =>
  intent === 'destroy' || (intent === 'write' && input['force'] === true)
