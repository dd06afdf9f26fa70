// Carries ops out for tools and resources: in the daemon, which is started when none runs, or in this
// process. What destroys is done when it is confirmed, and only then.
import { DispatchError } from '@dispatch/contract/errors'
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import type { Caller } from './caller.ts'
import type { Routed } from './route.ts'
import { isDestroying } from './tools/tool-op.ts'

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

type Plan = { destroys: boolean; losses: string[] }

/** The calls of one server. */
export const makeCalls = (manifest: Manifest, local: LocalOps): Calls => {
  const validators = new AjvJsonSchemaValidator()

  // The daemon checks what it is given, and this process has no zod.
  const check = ({ path, input: schema }: ManifestOp, input: unknown): void => {
    const { valid, errorMessage = '' } = validators.getValidator(schema)(input)
    if (!valid) throw new DispatchError('validation', `${path}: ${errorMessage}.`)
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

  const planOf = async ({ op, input }: Routed, calling: Calling): Promise<Plan> => {
    const plan = manifest.ops.find(({ path }) => path === op.meta.plannedBy)
    return plan ? ((await call(plan, input, calling)) as Plan) : { destroys: true, losses: [] }
  }

  const perform: Calls['perform'] = async (routed, calling) => {
    const { op, input, confirmed } = routed
    if (isDestroying(op, input) && !confirmed) {
      const { destroys, losses } = await planOf(routed, calling)
      if (destroys) {
        const message = ['This destroys something: it needs confirm: true.', ...losses].join(' ')
        throw new DispatchError('validation', message, {
          hint: 'The same call with confirm: true.',
          details: { field: 'confirm', losses },
        })
      }
    }
    return await call(op, input, calling)
  }

  return { call, perform }
}
