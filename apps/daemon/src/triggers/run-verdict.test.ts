import { expect, it } from 'vitest'
import { triggerRow } from '../../test/bench.ts'
import { runRow } from '../../test/trigger-room.ts'
import { runToVerdict } from './run-verdict.ts'

it.each([
  [{ outcome: 'fired' }, {}, null, 0],
  [{ outcome: 'planned' }, {}, null, 1],
  [{ outcome: 'skipped', reason: 'busy' }, {}, null, 1],
  [{ outcome: 'skipped', reason: 'no_active_turn' }, { action: 'steer' }, null, 1],
  [{ outcome: 'skipped', reason: 'disabled' }, {}, 'validation', 0],
  [{ outcome: 'skipped', reason: 'codex_unavailable' }, {}, 'app_server', 0],
  [{ outcome: 'failed', code: 'authority', detail: 'No.' }, {}, 'authority', 0],
  // From a registry before codes were kept.
  [{ outcome: 'failed', code: null }, {}, 'internal', 0],
] as const)('is told of %j', (run, trigger, code, notes) => {
  const verdict = runToVerdict(triggerRow('t', trigger), runRow('r', run))
  expect(verdict.error?.code ?? null).toBe(code)
  expect(verdict.notes).toHaveLength(notes)
})

it('is told how a message may wait for a busy lane', () => {
  const skipped = runRow('r', { outcome: 'skipped', reason: 'busy' })
  expect(runToVerdict(triggerRow('t', {}), skipped).notes).toEqual([
    'Nothing was sent: it was skipped. dispatch trigger edit t --overlap queue lets it wait.',
  ])
})
