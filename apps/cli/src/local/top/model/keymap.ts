// Every key with what it does and how it is called, by where it works. The footer, the help and the
// reducer read this; nothing else names a key.
import {
  askAnswer,
  askCancel,
  askDecision,
  askFilter,
  askFire,
  askSend,
  askStop,
  openCodex,
  showAsked,
  toggleHold,
  togglePause,
} from './asking.ts'
import { back, enter, move, movePage, moveToEnd, show, showNext } from './moves.ts'
import type { TopState, View } from './state.ts'
import { act, stay, type Step } from './step.ts'

/** Where keys work: in a list, or in a lane that is open. */
export type Place = View | 'lane'

/** A key. */
export type Binding = {
  keys: readonly string[]
  /** The key as people read it, where it is another one than the first. */
  shown?: string
  /** A word or two, for the footer. */
  label: string
  /** The same as a sentence, for the help. */
  help: string
  /** The footer leaves it out. */
  quiet?: true
  run: (state: TopState) => Step
}

const moving: Binding[] = [
  {
    keys: ['up', 'k'],
    shown: '↑',
    label: 'up',
    help: 'A row up',
    quiet: true,
    run: (s) => move(s, -1),
  },
  {
    keys: ['down', 'j'],
    shown: '↓',
    label: 'down',
    help: 'A row down',
    quiet: true,
    run: (s) => move(s, 1),
  },
  {
    keys: ['pageup', 'ctrl+b'],
    shown: 'PgUp',
    label: 'page up',
    help: 'A page up; of requests, in what is asked',
    quiet: true,
    run: (s) => movePage(s, -1),
  },
  {
    keys: ['pagedown', 'ctrl+f', ' '],
    shown: 'PgDn',
    label: 'page down',
    help: 'A page down; of requests, in what is asked',
    quiet: true,
    run: (s) => movePage(s, 1),
  },
  {
    keys: ['home', 'g'],
    shown: 'Home',
    label: 'first',
    help: 'To the beginning',
    quiet: true,
    run: (s) => moveToEnd(s, 'first'),
  },
  {
    keys: ['end', 'G'],
    shown: 'End',
    label: 'last',
    help: 'To the end; in a lane: follow what comes',
    quiet: true,
    run: (s) => moveToEnd(s, 'last'),
  },
]

const everywhere: Binding[] = [
  { keys: ['/'], label: 'filter', help: 'Show only what has these words', run: askFilter },
  {
    keys: ['escape', 'left', 'backspace'],
    shown: 'Esc',
    label: 'back',
    help: 'Out of a lane, then out of a filter',
    quiet: true,
    run: back,
  },
  {
    keys: ['tab'],
    shown: 'Tab',
    label: 'next list',
    help: 'The next list',
    quiet: true,
    run: (s) => showNext(s, 1),
  },
  {
    keys: ['shift+tab'],
    shown: 'Shift-Tab',
    label: 'last list',
    help: 'The list before',
    quiet: true,
    run: (s) => showNext(s, -1),
  },
  { keys: ['1'], label: 'lanes', help: 'Lanes', quiet: true, run: (s) => show(s, 'lanes') },
  {
    keys: ['2'],
    label: 'requests',
    help: 'What Codex asks',
    quiet: true,
    run: (s) => show(s, 'requests'),
  },
  { keys: ['3'], label: 'queue', help: 'What waits', quiet: true, run: (s) => show(s, 'queue') },
  {
    keys: ['4'],
    label: 'triggers',
    help: 'Triggers',
    quiet: true,
    run: (s) => show(s, 'triggers'),
  },
  {
    keys: ['?'],
    label: 'help',
    help: 'This help',
    run: (s) => stay({ ...s, isHelpShown: true }),
  },
  {
    keys: ['ctrl+l'],
    shown: 'Ctrl-L',
    label: 'redraw',
    help: 'Draw the screen anew',
    quiet: true,
    run: (s) => act(s, { do: 'redraw' }),
  },
  {
    keys: ['ctrl+z'],
    shown: 'Ctrl-Z',
    label: 'suspend',
    help: 'Suspend; fg comes back',
    quiet: true,
    run: (s) => act(s, { do: 'suspend' }),
  },
  {
    keys: ['q', 'ctrl+c'],
    label: 'quit',
    help: 'Leave; also Ctrl-C',
    run: (s) => act(s, { do: 'leave' }),
  },
]

const open: Binding = {
  keys: ['enter', 'right'],
  shown: 'Enter',
  label: 'open',
  help: 'Open the lane and follow what it says and does',
  run: enter,
}
const send: Binding = { keys: ['s'], label: 'send', help: 'Send the lane a message', run: askSend }
const stop: Binding = {
  keys: ['x'],
  label: 'stop',
  help: 'Stop the turn of the lane',
  run: askStop,
}
const codex: Binding = {
  keys: ['o'],
  label: 'Codex UI',
  help: "Join the lane in Codex's own UI, until that is left",
  run: openCodex,
}
const asked: Binding = {
  keys: ['a'],
  label: 'answer',
  help: 'Show what the lane asks, to answer it',
  run: showAsked,
}
const deciding: Binding[] = [
  { keys: ['a'], label: 'approve', help: 'Approve', run: (s) => askDecision(s, 'approve') },
  {
    keys: ['A'],
    label: 'for session',
    help: 'Approve, and the same again as long as the thread is loaded',
    quiet: true,
    run: (s) => askDecision(s, 'approve_for_session'),
  },
  {
    keys: ['d'],
    label: 'deny',
    help: 'Deny, or cancel a question',
    run: (s) => askDecision(s, 'deny'),
  },
  {
    keys: ['D'],
    label: 'deny and stop',
    help: 'Deny, and stop the turn',
    quiet: true,
    run: (s) => askDecision(s, 'deny_and_cancel'),
  },
  {
    keys: ['r'],
    label: 'respond',
    help: 'Answer a question, or give an answer as JSON',
    run: askAnswer,
  },
]

/** The keys of each place alone, what it is for first. */
export const placeKeys: Record<Place, readonly Binding[]> = {
  lanes: [open, send, stop, asked, codex],
  lane: [send, stop, asked, codex],
  requests: [...deciding, open],
  queue: [
    {
      keys: ['p'],
      label: 'hold/resume',
      help: 'Hold the queue of the lane, or let it go on',
      run: toggleHold,
    },
    { keys: ['c'], label: 'cancel', help: 'Take the message out of the queue', run: askCancel },
    open,
    send,
  ],
  triggers: [
    {
      keys: ['p'],
      label: 'pause/resume',
      help: 'Pause the trigger, or let it fire again',
      run: togglePause,
    },
    { keys: ['f'], label: 'fire', help: 'Fire it now', run: askFire },
    open,
  ],
}

/** The keys that work everywhere. */
export const commonKeys: readonly Binding[] = [...moving, ...everywhere]

/** Where the keys of a state work. */
export const placeIn = ({ open: lane, view }: TopState): Place => (lane ? 'lane' : view)

/** What a key does there; undefined where it does nothing. */
export const bindingOf = (place: Place, key: string): Binding | undefined =>
  [...placeKeys[place], ...commonKeys].find(({ keys }) => keys.includes(key))
