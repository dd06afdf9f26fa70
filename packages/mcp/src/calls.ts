// Carries ops out for tools and resources: in the daemon, which is started when none runs, or in this
// process. What destroys is done when it is confirmed, and only then.
import type { InputProblem } from '@dispatch/contract'
import { isDestroying } from '@dispatch/contract/destroying'
import { problemsToError } from '@dispatch/contract/input-error'
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { type Plan, type Routed, unconfirmed } from '@dispatch/tools'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import type { Caller } from './caller.ts'

/** Carries out an op that the surface does itself. */
export type LocalOps = (op: string, input: unknown, signal: AbortSignal) => Promise<unknown>

/** For whom, and until when. */
export type Calling = { client: Caller; signal: AbortSignal }

/** Makes calls. */
export type Calls = {
  /** Carries an op out; throws `DispatchError`. */
  call(op: ManifestOp, input: unknown, calling: Calling): Promise<unknown>
  /** The same for a tool: refused where it destroys and is not confirmed. */
  perform(routed: Routed, calling: Calling): Promise<unknown>
}

// The validator gives one text: "data/all must be boolean, data must NOT have more".
const toProblems = (said: string): InputProblem[] =>
  said.split(/, (?=data[/ ])/).map((one) => {
    const [, path = '', message = one] = /^data(\S*) (.*)$/.exec(one) ?? []
    return { code: 'invalid', path: path.split('/').slice(1), message }
  })

/** The calls of one server. */
export const makeCalls = (manifest: Manifest, local: LocalOps): Calls => {
  const validators = new AjvJsonSchemaValidator()

  // The daemon checks what it is given; what the surface carries out itself is checked nowhere else on this way.
  const check = ({ input: schema }: ManifestOp, input: unknown): void => {
    const { valid, errorMessage = '' } = validators.getValidator(schema)(input)
    if (!valid) throw problemsToError(toProblems(errorMessage))
  }

  const call: Calls['call'] = async (op, input, { client, signal }) => {
    if (op.meta.runs === 'local') {
      check(op, input)
      return await local(op.path, input, signal)
    }
    const kind = op.kind === 'query' ? 'query' : 'mutation'
    const { autostart = true } = op.meta
    return await client.call(op.path, kind, input, { signal, autostart })
  }

  // Null where the op does not say beforehand.
  const planOf = async ({ op, input }: Routed, calling: Calling): Promise<Plan | null> => {
    const plan = manifest.ops.find(({ path }) => path === op.meta.plannedBy)
    return plan ? ((await call(plan, input, calling)) as Plan) : null
  }

  const perform: Calls['perform'] = async (routed, calling) => {
    const { op, input, confirmed } = routed
    if (isDestroying({ intent: op.meta.intent, input }) && !confirmed) {
      const plan = await planOf(routed, calling)
      if (plan?.destroys !== false) throw unconfirmed(routed, plan)
    }
    return await call(op, input, calling)
  }

  return { call, perform }
}
