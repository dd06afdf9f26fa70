// A configuration file as it was read. Types only.
import type { LaneTables } from '@dispatch/contract'

/** A configuration file. */
export type ConfigSource = {
  path: string
  layer: 'global' | 'repo'
  /** The directory that paths in it are meant from. */
  root: string
  /** SHA-256 of its content. */
  hash: string
  /** Whether it belongs to another user. */
  foreign: boolean
  lanes: LaneTables
  /** The tables of the daemon as they stand in the file, without defaults. */
  daemon: Readonly<Record<string, Record<string, unknown>>>
}
