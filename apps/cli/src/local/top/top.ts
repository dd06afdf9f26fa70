// top: lanes, requests, queues and triggers on the whole screen. The state and what keys do to it are in
// model/, what is drawn in view/, what touches the daemon and the terminal in live/. Ink and React are
// loaded by this command alone.
import { createDispatchClient, systemClock } from '@dispatch/client'
import type { Call, TopResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { clientOptions } from '../../connection/client-options.ts'
import type { Setting } from '../../execute.ts'
import { carryOut } from './live/effects.ts'
import { makeLaneFollower } from './live/lane-follower.ts'
import { followOverview } from './live/overview.ts'
import { makeStore } from './live/store.ts'
import type { Effect } from './model/effect.ts'
import type { Input } from './model/keys.ts'

const needTerminal = ({ io }: Setting): void => {
  if (io.terminal.stdin && io.terminal.stdout && io.env.TERM !== 'dumb') return
  throw new DispatchError('usage', 'dispatch top needs a terminal that it can draw on.', {
    hint: 'dispatch list --json, or dispatch watch --follow',
  })
}

const usesColor = ({ io, invocation }: Setting): boolean =>
  invocation.globals.color !== false && !io.env.NO_COLOR

/** Shows it until the person leaves, or the signal aborts. */
export const runTop = async (
  setting: Setting,
  { signal: outer }: Pick<Call, 'signal'>,
): Promise<TopResult> => {
  needTerminal(setting)
  await using stack = new AsyncDisposableStack()
  const client = stack.use(createDispatchClient(clientOptions(setting)))
  const { api } = client
  // Starts the daemon where none runs, and says what is wrong before the screen is taken.
  await api.list({ limit: 1 }, { signal: outer })

  const leaving = new AbortController()
  const signal = AbortSignal.any([outer, leaving.signal])
  const { promise: left, resolve: leave, reject: fail } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => leave(), { once: true })
  stack.defer(() => leaving.abort())

  const [{ openScreen }, screen] = await Promise.all([
    import('./live/ink-screen.ts'),
    setting.io.wholeScreen(() => leaving.abort()),
  ])
  const { columns, rows } = screen.stdout
  const store = stack.use(makeStore({ columns, rows }, systemClock))
  const { change } = store
  const follower = stack.use(makeLaneFollower({ api, change }))

  const suspend = (): void => void terminalTo(screen.stop)

  // Whoever has the terminal meanwhile is stopped together with us, and at once.
  const terminalTo = async (run: () => Promise<unknown>): Promise<void> => {
    screen.heedStop(null)
    try {
      await shown.without(async () => void (await run()))
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      change({ kind: 'notice', notice: { tone: 'error', text } })
    } finally {
      if (!signal.aborted) screen.heedStop(suspend)
    }
  }

  const openCodex = async (laneId: string): Promise<void> => {
    const { openLane } = await import('../open/open.ts')
    await openLane(setting, { lane: laneId }, { signal })
  }

  const perform = (effect: Effect): unknown => {
    switch (effect.do) {
      case 'leave':
        return leaving.abort()
      case 'suspend':
        return suspend()
      case 'redraw':
        return terminalTo(async () => undefined)
      case 'codex':
        return terminalTo(() => openCodex(effect.laneId))
      case 'follow':
        return follower.follow(effect.laneId)
      default:
        return carryOut(effect, { api, signal, change })
    }
  }

  const onInput = (input: Input): void => {
    for (const effect of store.press(input)) perform(effect)
  }

  const shown = stack.use(openScreen({ screen, store, color: usesColor(setting), onInput }))
  stack.defer(() => screen.heedStop(null))
  screen.heedStop(suspend)
  const overview = followOverview({ api, clock: systemClock, signal, change })
  Promise.all([overview, shown.ended]).catch(fail)
  await left
  leaving.abort()
  await overview
  return { said: '' }
}
