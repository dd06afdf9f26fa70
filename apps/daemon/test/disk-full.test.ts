// More than may wait comes of Codex while nothing can be written: the connection is let go, so that the
// memory stays bounded, and joined again when there is room.
import { DiskFullError, type Store } from '@dispatch/store'
import { expect, it } from 'vitest'
import type { Log } from '../src/log/log.ts'
import { makePlace } from './composed.ts'

const LINES = 40_000

/** A registry whose disk is full while `isFull` says so. */
const onDisk =
  (isFull: () => boolean) =>
  (store: Store): Store => {
    const checked =
      (run: Store['transaction']): Store['transaction'] =>
      (fn) => {
        if (isFull()) throw new DiskFullError('the disk of registry.db is full', 'registry.db')
        return run(fn)
      }
    return { ...store, transaction: checked(store.transaction), durable: checked(store.durable) }
  }

/** A log, and the wait for a line of it. */
const heardLog = () => {
  const waiting = new Map<string, () => void>()
  const hear = (message: string): void => waiting.get(message)?.()
  const log: Log = { debug: hear, info: hear, warn: hear, error: hear }
  const line = (message: string) =>
    new Promise<void>((resolve) => void waiting.set(message, resolve))
  return { log, line }
}

it('holds a flood back while the disk is full, serves reads, and goes on by itself', async () => {
  let full = false
  const { log, line } = heardLog()
  await using place = await makePlace({
    log,
    registry: onDisk(() => full),
    scenario: {
      turns: [{ stopAt: 'agentMessage/started' }, { reply: 'after' }],
      methods: {
        'model/list': [
          { do: 'flood', threadIds: 'loaded', lines: LINES, of: 'items', textLength: 200 },
        ],
      },
    },
  })
  await using running = place.start()
  await running.ops().new({ name: 'a', text: 'x' })
  const { pid } = (await running.ops().daemon.status({})).codex
  const away = line('codex.unavailable')
  full = true
  void running.ops().models({})
  await away

  const started = performance.now()
  expect((await running.ops().list({})).lanes).toMatchObject([{ handle: '@a', status: 'busy' }])
  expect((await running.ops().tail({ lane: '@a' })).origin).toBe('registry')
  const status = await running.ops().daemon.status({})
  console.log(`three reads meanwhile: ${(performance.now() - started).toFixed(1)} ms`)
  expect(status).toMatchObject({
    status: 'degraded',
    codex: { state: 'unavailable', error: expect.stringContaining('is full') as string },
  })
  expect(status.warnings.join('\n')).toContain('nothing can be written')
  for (const refused of [
    running.ops().new({ name: 'b' }),
    running.ops().send({ lane: '@a', text: 'y' }),
    running.ops().rename({ lane: '@a', name: 'c' }),
  ]) {
    await expect(refused).rejects.toMatchObject({ cause: { code: 'internal' } })
  }

  full = false
  await running.event(({ type }) => type === 'codex.joined')
  const back = await running.ops().daemon.status({})
  expect(back).toMatchObject({ codex: { pid }, lanes: { busy: 1 } })
  expect(back.warnings.join('\n')).not.toContain('nothing can be written')
  // What waited was written before the join, and nothing beyond it was taken in.
  const kept = Number(back.lastCursor.split('.').at(-1))
  console.log(`events kept of a flood of ${LINES} items: ${kept}`)
  expect(kept).toBeGreaterThan(10_000)
  expect(kept).toBeLessThan(LINES)
  expect((await running.ops().stop({ lane: '@a' })).lanes).toMatchObject([{ stopped: true }])
  const sent = await running.ops().send({ lane: '@a', text: 'y', wait: true })
  expect(sent.lastMessage).toBe('after')
})
