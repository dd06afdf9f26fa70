import { describe, expect, it } from 'vitest'
import { threadToFact } from './translate-thread.ts'

const thread = { id: 't', cwd: '/w', status: { type: 'idle' }, createdAt: 1, updatedAt: 2 }

describe('a thread', () => {
  it.each([
    [{ type: 'active', activeFlags: [] }, 'busy'],
    [{ type: 'active' }, 'busy'],
    [{ type: 'active', activeFlags: ['waitingOnApproval'] }, 'waiting_approval'],
    [{ type: 'active', activeFlags: ['waitingOnUserInput'] }, 'waiting_approval'],
    [{ type: 'active', activeFlags: ['somethingNew'] }, 'busy'],
    [{ type: 'idle' }, 'idle'],
    [{ type: 'systemError' }, 'error'],
    [{ type: 'notLoaded' }, 'not-loaded'],
    [{ type: 'somethingNew' }, 'not-loaded'],
  ])('stands as Codex says: %j is %s', (status, standing) => {
    expect(threadToFact({ ...thread, status })).toMatchObject({ id: 't', standing })
  })

  it.each([null, 't', {}, { ...thread, cwd: 1 }, { ...thread, status: 'idle' }])(
    'is none: %j',
    (raw) => {
      expect(threadToFact(raw)).toBeNull()
    },
  )
})
