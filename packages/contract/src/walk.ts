// Reads tRPC's own structure of a router, the only place that does, and gives plain procedures.
import type { AnyTRPCRouter } from '@trpc/server'
import type { z } from 'zod'
import type { OpMeta } from './meta.ts'

/** A procedure with what it was authored from. */
export type WalkedOp = {
  path: string
  kind: 'query' | 'mutation' | 'subscription'
  input: z.ZodType
  output: z.ZodType
  meta: OpMeta
}

type ProcedureDef = {
  _def: {
    type: WalkedOp['kind']
    meta?: OpMeta
    inputs: z.ZodType[]
    output?: z.ZodType
  }
}

/** Every procedure of a router in the order of its definition. */
export const walk = (router: AnyTRPCRouter): WalkedOp[] => {
  const procedures = router._def.procedures as Record<string, ProcedureDef>
  return Object.entries(procedures).map(([path, { _def }]) => {
    const [input] = _def.inputs
    if (!_def.meta || !input || !_def.output || _def.inputs.length !== 1) {
      throw new Error(`${path}: a procedure needs meta, one input and an output`)
    }
    return { path, kind: _def.type, input, output: _def.output, meta: _def.meta }
  })
}
