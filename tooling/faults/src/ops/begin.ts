// new: how every script begins.
import type { Script } from './op.ts'

/** Makes the script's lane; false where the script never learns which it is. */
export const begin = async (script: Script): Promise<boolean> => {
  const { chance, work } = script
  const name = script.name()
  const { text, gate } = script.message({ gated: chance.is(0.4) })
  const isTold = chance.is(0.6)
  const { fate, lane } = await script.call({
    op: 'new',
    input: { name, cwd: work, ...(isTold ? { text } : {}) },
    ...(isTold ? { text, mode: 'send' as const } : {}),
  })
  if (fate !== 'answered') return false
  script.lane = lane
  script.gate = isTold ? gate : null
  return true
}
