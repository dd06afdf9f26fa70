import type { Lifecycle } from '@dispatch/client'
import type { UpResult } from '@dispatch/contract'
import { expect, it } from 'vitest'
import { beginDaemon } from './daemon.ts'

const up = (part: Partial<UpResult> = {}): UpResult => ({
  status: 'started',
  pid: 1,
  version: '0.0.0',
  socket: '/s',
  pidfile: '/p',
  codex: 'starting',
  warnings: [],
  ...part,
})

const lifeThat = (start: Lifecycle['up']): Lifecycle => ({
  up: start,
  down: () => Promise.reject(new Error('not asked')),
  restart: () => Promise.reject(new Error('not asked')),
})

it('breaks off only when the daemon is there, so that it can be ended', async () => {
  const broken = new AbortController()
  const started = Promise.withResolvers<UpResult>()
  let isOver = false
  const life = lifeThat((_input, { signal }) => {
    signal.addEventListener('abort', () => started.reject(signal.reason))
    return started.promise
  })
  const beginning = beginDaemon(life, { command: 'demo', signal: broken.signal }).finally(() => {
    isOver = true
  })
  broken.abort(new Error('Ctrl-C'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(isOver).toBe(false)
  started.resolve(up())
  await expect(beginning).rejects.toThrow('Ctrl-C')
})

it('refuses to go on without a Codex, and says how to get one', async () => {
  const life = lifeThat(() => Promise.resolve(up({ codex: 'unavailable', warnings: ['none'] })))
  const { signal } = new AbortController()
  await expect(beginDaemon(life, { command: 'demo', signal })).rejects.toMatchObject({
    code: 'app_server',
    message: 'dispatch demo needs a Codex: none.',
  })
})
