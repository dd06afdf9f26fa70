/**
 * What the server does wrong, and when: the JSON file that FAKE_CODEX_SCENARIO names. Without one
 * it behaves. In all messages the text "$threadId" stands for the thread of the request or turn,
 * "$turnId" for its turn.
 */
export interface Message {
  method: string
  params?: object
}

/**
 * `before`: the request has not been looked at. `after`: it has been done, the answer has not been
 * written. `answered`: the answer has been written.
 */
export type Moment = 'before' | 'after' | 'answered'

export interface Flood {
  /** `loaded`: all threads that are loaded when it starts. Goes to every client. */
  threadIds: string[] | 'loaded'
  lines: number
  /** Paced evenly; absent: as fast as it goes. */
  linesPerSecond?: number
  /** Only deltas, only completed items, or ten deltas to an item (the default). */
  of?: 'deltas' | 'items' | 'both'
  /** Of each delta and item; 20 unless given. */
  textLength?: number
  /** In the ids of its turns and items; `flood` unless given. Two floods of one name say the same again. */
  name?: string
}

export type Action =
  | { do: 'silence'; when?: 'before' | 'after' }
  | { do: 'error'; code: number; message: string; data?: unknown }
  | { do: 'result'; result: unknown }
  /** Written in the place of the answer, as it stands. */
  | { do: 'text'; text: string }
  | { do: 'close'; when?: Moment }
  | { do: 'exit'; when?: Moment; code?: number }
  | { do: 'delay'; ms: number }
  /** Waits before it looks at the request until the test opens that gate, a socket of `makeGate`. */
  | { do: 'gate'; path: string }
  /** Notifications, or requests when they have an `id`; then (or before) an honest answer. */
  | { do: 'emit'; when?: Moment; messages: (Message & { id?: number })[] }
  /** Honest answer, then the flood, then `fake/flood/ended {lines, elapsedMs}`. */
  | ({ do: 'flood' } & Flood)

/** The first fault of a method that is not used up is played: `skip` calls go well, `times` do not. */
export type Fault = Action & { skip?: number; times?: number | 'always' }

export type TurnPoint =
  | 'turn/started'
  | 'userMessage/started'
  | 'userMessage/completed'
  | 'agentMessage/started'
  | 'agentMessage/completed'
  | 'turn/completed'

/** Points are passed in the order of the list above; what is said of one happens before it. */
export interface TurnScript {
  /** `You said: TEXT` unless given. */
  reply?: string
  /** In how many deltas the reply comes; 1 unless given. */
  deltas?: number
  everyMs?: number
  /** The turn falls silent here, until it is interrupted. */
  stopAt?: TurnPoint
  /**
   * The end stays out, after the thread was called idle, until a request of that method comes; it is
   * told before that is done.
   */
  endsAt?: string
  /** The process exits here. */
  exitAt?: TurnPoint
  /** The turn fails with this error in the place of a reply. */
  error?: { message: string; codexErrorInfo: unknown }
  /** Emitted before the reply. */
  emit?: Message[]
  /** Asked of the subscribers before the reply; the turn goes on with the first answer. */
  request?: Message
}

export interface Scenario {
  methods?: Record<string, Fault[]>
  /** One a turn in their order; the last stays for the rest. */
  turns?: TurnScript[]
  /** A WebSocket client with more bytes than this unread is cut off, as the real one does. */
  outboundLimit?: number
  /** Nothing is answered (or done) after this many requests of the whole process. */
  silentAfterRequests?: number
}

export function substitute<T>(value: T, names: { threadId?: string; turnId?: string }): T {
  const text = JSON.stringify(value)
    .replaceAll('"$threadId"', JSON.stringify(names.threadId ?? '$threadId'))
    .replaceAll('"$turnId"', JSON.stringify(names.turnId ?? '$turnId'))
  return JSON.parse(text) as T
}
