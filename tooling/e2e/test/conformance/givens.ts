// Makes so what an entry takes for granted.
import { expect } from 'vitest'
import type { ListUnmanagedResult, SendResult } from '@dispatch/contract'
import type { Given } from '../../src/conformance/entry.ts'
import type { Walk } from './walk.ts'

const send = async (walk: Walk, lane: string, text: string): Promise<void> => {
  const { delivery } = await walk.ask<SendResult>(`dispatch send ${lane} "${text}"`)
  expect(delivery.state).toBe('accepted')
}

/** A session of another program, in a directory of its own; gives its thread id. */
const makeSession = async (walk: Walk, says: string): Promise<string> => {
  const ran = await walk.type(`cd /path/to/project && codex exec --skip-git-repo-check "${says}"`)
  expect(ran.code, ran.stderr).toBe(0)
  const { sessions } = await walk.ask<ListUnmanagedResult>('dispatch list --unmanaged')
  const made = sessions.find(({ preview }) => preview === says)
  expect(made).toBeDefined()
  return made?.id ?? ''
}

/** Brings it about. */
export const makeSo = async (walk: Walk, given: Given): Promise<void> => {
  const { model } = walk.world
  if (given === 'a daemon that was killed') {
    await walk.world.killDaemon()
  } else if ('turnOf' in given) {
    const gate = walk.nextGate()
    await send(walk, given.turnOf, `gate: ${gate}`)
    await model.waitForGate(gate)
  } else if ('streamOf' in given) {
    await send(walk, given.streamOf, 'stream: 500x20ms word')
  } else if ('session' in given) {
    walk.keep(given.session, await makeSession(walk, 'reply: For later.'))
  } else {
    const said = await walk.type(`dispatch send ${given.saidBy} "${given.says}" --wait`)
    expect(said.code, said.stderr).toBe(0)
    walk.keep(
      '<session-id>',
      await makeSession(walk, given.says.replace('reply: ', 'reply: Here: ')),
    )
  }
}
