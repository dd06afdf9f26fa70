import type { TriggerSpec } from '@dispatch/store'
import { expect, it } from 'vitest'
import { triggerRow, triggerSpec } from '../../test/bench.ts'
import { rowToNotes } from './trigger-notes.ts'

const always = 'A lane that waits for a person is busy, so this is always skipped: '

it.each([
  ['send', {}, [`${always}--overlap queue.`]],
  ['send', { overlap: 'queue' }, []],
  ['send', { overlap: 'queue', idleOnly: true }, [`${always}--no-idle-only.`]],
  ['brief', { idleOnly: true }, [`${always}--no-idle-only --overlap queue.`]],
  ['queue', {}, []],
  ['queue', { idleOnly: true }, [`${always}--no-idle-only.`]],
  ['steer', {}, []],
] as const)(
  'says what lets one fire at a question on its own lane: %s %j',
  (action, part, notes) => {
    const spec = triggerSpec(part satisfies Partial<TriggerSpec>)
    const ends = { kind: 'waiting_on_approval', laneId: 'a', sourceId: 'a' } as const
    expect(rowToNotes(triggerRow('t', { ...ends, action, spec }))).toEqual(notes)
    expect(rowToNotes(triggerRow('t', { ...ends, sourceId: 'b', action, spec }))).toEqual([])
  },
)
