import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { join } from 'node:path'
import { openStore } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../clock/fake-clock.ts'
import { makeIndexThread } from './index-thread.ts'
import type { IndexQuestion } from './messages.ts'

const makeSide = () => {
  const root = mkdtempSync(join(tmpdir(), 'dspt-'))
  const registry = join(root, 'registry.db')
  const clock = fakeClock()
  const logged: string[] = []
  const write = (message: string): void => void logged.push(message)
  const log = { debug: write, info: write, warn: write, error: write }
  const index = join(root, 'index.db')
  const rests: number[] = []
  const resting = (): void => void rests.push(clock.monotonic())
  let ends = 0
  const gone = (): void => void (ends += 1)
  const thread = makeIndexThread({ registry, index }, { clock, log, resting, gone })
  return {
    registry,
    index,
    clock,
    logged,
    rests,
    ends: () => ends,
    thread,
    [Symbol.asyncDispose]: async () => {
      await thread[Symbol.asyncDispose]()
      rmSync(root, { recursive: true })
    },
  }
}

const question: IndexQuestion = { kind: 'catch-up' }

describe('the thread that indexes', () => {
  it('starts when it is asked, and again after it ended', async () => {
    await using side = makeSide()
    openStore({ file: side.registry })[Symbol.dispose]()
    expect(await side.thread.ask(question)).toEqual({ kind: 'done' })
    expect(await side.thread.ask(question)).toEqual({ kind: 'done' })
    // It has told that it is idle.
    while (side.clock.pending() === 0) await turn()
    side.clock.advance(60_000)
    expect([side.rests, side.ends(), side.thread.isRunning()]).toEqual([[60_000], 1, false])
    expect(await side.thread.ask(question)).toEqual({ kind: 'done' })
    expect(side.logged).toEqual([])
  })

  it('makes checkpoints of the registry while the daemon has it open', async () => {
    await using side = makeSide()
    {
      using store = openStore({ file: side.registry })
      store.wal.checkpointAt(100_000)
      store.runtime.set('k', 'x'.repeat(100_000))
      expect([side.thread.isRunning(), store.wal.pages() > 0]).toEqual([false, true])
      expect(await side.thread.ask({ kind: 'checkpoint' })).toEqual({ kind: 'done' })
      expect([side.thread.isRunning(), store.wal.pages()]).toEqual([true, 0])
      store.runtime.set('k', 'y')
      await side.thread[Symbol.asyncDispose]()
      expect(side.thread.isRunning()).toBe(false)
    }
    using again = openStore({ file: side.registry })
    expect(again.runtime.get('k')).toBe('y')
  })

  it('is none the worse for a checkpoint that cannot be made', async () => {
    await using side = makeSide()
    openStore({ file: side.registry })[Symbol.dispose]()
    expect(await side.thread.ask(question)).toEqual({ kind: 'done' })
    rmSync(side.registry)
    expect(await side.thread.ask({ kind: 'checkpoint' })).toMatchObject({ kind: 'no-checkpoint' })
    expect([side.thread.isRunning(), side.thread.error(), side.logged]).toEqual([true, null, []])
  })

  it('says why it cannot, tries again later, and then can', async () => {
    await using side = makeSide()
    writeFileSync(side.index, Buffer.from('SQLite format 3\0'.padEnd(200, '\0')))
    await expect(side.thread.ask(question)).rejects.toMatchObject({ code: 'internal' })
    expect(side.thread.error()).not.toBeNull()
    rmSync(side.index)
    openStore({ file: side.registry })[Symbol.dispose]()
    await expect(side.thread.ask(question)).rejects.toMatchObject({ code: 'internal' })
    side.clock.advance(30_000)
    expect(await side.thread.ask(question)).toEqual({ kind: 'done' })
    expect([side.thread.error(), side.logged, side.ends()]).toEqual([null, ['index.broken'], 1])
  })

  it('leaves nobody waiting at its end', async () => {
    await using side = makeSide()
    openStore({ file: side.registry })[Symbol.dispose]()
    const asked = side.thread.ask(question)
    await side.thread[Symbol.asyncDispose]()
    expect(await asked).toEqual({ kind: 'done' })
    await expect(side.thread.ask(question)).rejects.toMatchObject({ code: 'internal' })
    const abort = AbortSignal.abort(new Error('gone'))
    await expect(side.thread.ask(question, abort)).rejects.toThrow('gone')
  })
})
