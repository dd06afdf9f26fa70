import type { TailEvent, TranscriptItem } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from '../composed.ts'

const shown = ({ type, status, text }: TranscriptItem): string =>
  type === 'turn' ? `-- ${status}: ${text}` : type

const tailOf = async (running: RunningDaemon, limit?: number): Promise<string[]> =>
  (await running.ops().tail({ lane: '@a', limit })).items.map(shown)

/** What following gives first. */
const followed = async (running: RunningDaemon, count: number): Promise<TailEvent[]> => {
  const leaving = new AbortController()
  const seen: TailEvent[] = []
  const events = await running.ops({ signal: leaving.signal }).tailFollow({ lane: '@a' })
  for await (const event of events) {
    const data = Array.isArray(event) ? event[1] : event
    if (data === null) continue
    seen.push(data as TailEvent)
    if (seen.length === count) break
  }
  leaving.abort()
  return seen
}

describe('the ends of turns on the real Codex', () => {
  it('stand in the history with their reason: failed, stopped, cut', async () => {
    await using place = await makePlace()
    {
      await using running = place.start()
      const failed = await running.ops().new({ name: 'a', text: 'fail: http 400', wait: true })
      const why = failed.latestTurn?.error?.message
      expect(why).toBeTruthy()
      await running.ops().send({ lane: '@a', text: 'gate: stopped' })
      await place.model.waitForGate('stopped')
      await running.ops().stop({ lane: '@a' })
      await running.ops().send({ lane: '@a', text: 'gate: cut' })
      await place.model.waitForGate('cut')
      process.kill(running.codexPid(), 'SIGKILL')
      const { lanes, error } = await running.ops().wait({ lanes: ['@a'] })
      expect(lanes).toMatchObject([{ outcome: 'interrupted', turn: { reason: 'app-server lost' } }])
      expect(error?.message).toBe('The turn of @a was interrupted: app-server lost')
      expect((await running.ops().get({ lane: '@a' })).latestTurn).toMatchObject({
        status: 'interrupted',
        reason: 'app-server lost',
      })
      await running.ops().send({ lane: '@a', text: 'reply: well', wait: true })
      const all = [
        'userMessage',
        `-- failed: ${why}`,
        'userMessage',
        '-- interrupted: ',
        'userMessage',
        '-- interrupted: app-server lost',
        'userMessage',
        'agentMessage',
      ]
      const seen = await tailOf(running)
      // What streamed before an interruption may be there or not.
      expect(seen.filter((line, at) => line !== 'agentMessage' || at === seen.length - 1)).toEqual(
        all,
      )
      const past = await followed(running, seen.length)
      const ends = past.filter(({ kind }) => kind === 'turn')
      expect(ends).toMatchObject([
        { status: 'failed', message: why },
        { status: 'interrupted', message: null },
        { status: 'interrupted', message: 'app-server lost' },
      ])
      expect(await tailOf(running, 1)).toEqual(['agentMessage'])
    }
    await using without = place.start({ DISPATCH_CODEX: '/nowhere/codex' })
    await without.daemon.link.end()
    const { items, origin } = await without.ops().tail({ lane: '@a' })
    expect(origin).toBe('registry')
    expect(items.map(shown).filter((line) => line.startsWith('--'))).toHaveLength(3)
  })

  it('stand in the history of a lane of others', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { id } = await running.ops().new({ name: 'a', text: 'fail: http 400', wait: true })
    await running.ops().detach({ lane: id })
    await running.ops().attach({ thread: id })
    const ends = (await tailOf(running)).filter((line) => line.startsWith('--'))
    expect(ends).toEqual([expect.stringMatching(/^-- failed: ./) as string])
  })
})
