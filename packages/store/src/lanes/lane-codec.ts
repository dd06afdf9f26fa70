// Between a lane and its columns.
import { makeCodec } from '../database/codec.ts'
import type { LaneRow } from './lane-row.ts'

/** JSON and flags of a lane. */
export const laneCodec = makeCodec<LaneRow>({
  json: ['settings', 'effective', 'usage', 'unset', 'laneTools'],
  flags: ['ephemeral', 'held', 'stalled'],
})
