// The terminal under Ink: the alternate screen, raw mode, keys, resizing, the lines that changed, and the
// terminal as it was on every way out. What is drawn comes as rows from ../view/frame.ts.
import { Box, render, Text, useApp, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { createElement, type FunctionComponent, useEffect, useSyncExternalStore } from 'react'
import type { WholeScreen } from '../../../whole-screen.ts'
import type { Input } from '../model/keys.ts'
import { renderFrame } from '../view/frame.ts'
import { inkToInput } from './ink-input.ts'
import type { Store } from './store.ts'

/** The screen while it is ours. */
export type TopScreen = AsyncDisposable & {
  /** Gives the terminal back for as long as that takes, then draws anew. */
  without(run: () => Promise<void>): Promise<void>
  /** Rejects when drawing failed. */
  readonly ended: Promise<unknown>
}

type Options = {
  screen: WholeScreen
  store: Store
  color: boolean
  onInput: (input: Input) => void
}

const FRAMES_PER_SECOND = 30

type Suspend = ReturnType<typeof useApp>['suspendTerminal']

/** Takes the terminal. */
export const openScreen = ({ screen, store, color, onInput }: Options): TopScreen => {
  const held: { suspend: Suspend | null } = { suspend: null }

  const Top: FunctionComponent = () => {
    const { suspendTerminal } = useApp()
    const { setCursorPosition } = useCursor()
    const { columns, rows } = useWindowSize()
    const { state, now } = useSyncExternalStore(store.subscribe, store.shown)
    useEffect(() => {
      held.suspend = suspendTerminal
    }, [suspendTerminal])
    useEffect(() => {
      store.change({ kind: 'size', size: { columns, rows } })
    }, [columns, rows])
    useInput((text, key) => {
      const input = inkToInput(text, key)
      if (input) onInput(input)
    })
    usePaste((pasted) => onInput({ pasted }))
    const frame = renderFrame({ ...state, size: { columns, rows } }, { color, now })
    setCursorPosition(frame.cursor ?? undefined)
    return createElement(
      Box,
      { flexDirection: 'column', width: columns, height: rows },
      // An empty row would take no room.
      ...frame.rows.map((row, key) =>
        createElement(Text, { key, wrap: 'truncate-end' }, row === '' ? ' ' : row),
      ),
    )
  }

  // Ink does it after its first frame: what was typed until then would stand in that.
  screen.stdin.setRawMode(true)
  const app = render(createElement(Top), {
    stdin: screen.stdin,
    stdout: screen.stdout,
    stderr: screen.stderr,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: FRAMES_PER_SECOND,
  })
  const ended = app.waitUntilExit()

  return {
    ended,
    async without(run) {
      if (held.suspend) await held.suspend(run)
    },
    async [Symbol.asyncDispose]() {
      app.unmount()
      await ended.catch(() => undefined)
      // What is typed from here on is for whoever has the terminal next.
      screen.stdin.pause()
    },
  }
}
