// The manifest: the contract as plain data, from which every surface is made. Types only.
import type { OpMeta } from './meta.ts'

export type { CliMeta, Column, FieldMeta, LaneToolMeta, McpMeta, OpMeta, View } from './meta.ts'

/** A JSON Schema as the walk makes it, with our field meta beside the standard words. */
export type JsonSchema = { [key: string]: unknown }

/** One procedure as data. */
export type ManifestOp = {
  /** Dotted: `daemon.status`. */
  path: string
  kind: 'query' | 'mutation' | 'subscription'
  input: JsonSchema
  output: JsonSchema
  meta: OpMeta
}

/** The whole contract as data. */
export type Manifest = {
  wire: number
  /** Hash over the ops, 16 hex digits. */
  hash: string
  ops: ManifestOp[]
}
