import { appRouter, describeRouter } from '@dispatch/contract'
import { describe, expect, test } from 'vitest'
import { routeCall } from './route.ts'
import { manifestToTools } from './tool.ts'

const manifest = describeRouter(appRouter)
const entry = (name: string) => {
  const mode = /_(read|write|destroy)$/.test(name) ? 'grouped' : 'each'
  const found = manifestToTools(manifest, mode).find(({ tool }) => tool.name === `dispatch_${name}`)
  if (!found) throw new Error(name)
  return found
}
const route = (name: string, args: Record<string, unknown>) => {
  const { op, input, confirmed } = routeCall(entry(name), args, '/work')
  return { path: op.path, input, confirmed }
}

describe('a call', () => {
  test.each([
    ['thread_read', { op: 'get', lane: 'a' }, 'get', { lane: 'a' }],
    ['thread_read', { op: 'goal_status', lane: 'a' }, 'goal.status', { lane: 'a' }],
    ['daemon_read', { op: 'log', logOp: 'send' }, 'daemon.log', { op: 'send' }],
    ['daemon_log', { op: 'send' }, 'daemon.log', { op: 'send' }],
    [
      'thread_write',
      { op: 'new', name: 'a', cwd: 'b/c', text: null },
      'new',
      { name: 'a', cwd: '/work/b/c' },
    ],
    [
      'new',
      { name: 'a', cwd: '/b', addDir: ['c', '/d'] },
      'new',
      { name: 'a', cwd: '/b', addDir: ['/work/c', '/d'] },
    ],
    ['queue_cancel', { target: 'a' }, 'queue.cancel', { target: 'a' }],
  ])('%s %j is %s', (tool, args, path, input) => {
    expect(route(tool, args)).toEqual({ path, input, confirmed: false })
  })

  test('is confirmed by true alone', () => {
    const archive = { op: 'archive', lane: 'a' }
    for (const confirm of [undefined, null, false, 'true', 1]) {
      expect(route('thread_destroy', { ...archive, confirm }).confirmed).toBe(false)
    }
    expect(route('thread_destroy', { ...archive, confirm: true })).toEqual({
      path: 'archive',
      input: { lane: 'a' },
      confirmed: true,
    })
  })

  test.each([
    ['thread_read', {}, /op is missing; it is one of list, get, /],
    ['thread_read', { op: 'send' }, /op is no "send"; it is one of list, get, /],
    [
      'thread_read',
      { op: 'last', lane: 'a', limit: 3 },
      'op last does not take limit. It takes lane.',
    ],
    ['get', { lane: 'a', op: 'get' }, 'dispatch_get does not take op.'],
    ['daemon_status', { lane: 'a' }, 'It takes nothing.'],
    ['thread_write', { op: 'send', lane: 'a', confirm: true }, 'does not take confirm'],
    ['new', { name: 'a', cwd: '' }, 'cwd is empty: name a path.'],
  ])('%s %j is refused', (tool, args, message) => {
    expect(() => route(tool, args)).toThrow(message)
  })
})
