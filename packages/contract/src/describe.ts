// Turns a router into the manifest: the contract as plain data, from which every surface is made.
import type { AnyTRPCRouter } from '@trpc/server'
import { z } from 'zod'
import type { JsonSchema, Manifest, ManifestOp } from './manifest.ts'
import { eventSchemaOf } from './stream.ts'
import { type WalkedOp, walk } from './walk.ts'
import { WIRE } from './wire.ts'

const toSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const opToManifest = ({ path, kind, input, output, meta }: WalkedOp): ManifestOp => ({
  path,
  kind,
  input: toSchema(input, 'input'),
  output: toSchema(eventSchemaOf(output), 'output'),
  meta,
})

// FNV-1a, 64 bit: the hash is for diagnosis, and the contract may not load node:crypto.
const hashOf = (text: string): string => {
  let hash = 0xcbf29ce484222325n
  for (let index = 0; index < text.length; index += 1) {
    hash ^= BigInt(text.charCodeAt(index))
    hash = (hash * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0')
}

/** The manifest of a router. */
export const describeRouter = (router: AnyTRPCRouter): Manifest => {
  const ops = walk(router).map(opToManifest)
  return { wire: WIRE, hash: hashOf(JSON.stringify(ops)), ops }
}
