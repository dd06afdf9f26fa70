// What Codex has, and what people do in it, while daemons come and go: turns, messages, requests. What
// happens is told to the daemon that runs, or to the next one.
import type { Time } from './time.ts'

/** A turn as it was. */
export type Turn = {
  id: string
  lane: string
  start: number
  end: number | null
  outcome: 'completed' | 'failed' | 'interrupted'
  /** The message that began it; null for a person's. */
  message: string | null
}

/** A person is asked. */
export type Asked = { id: string; turn: Turn; from: number; to: number | null }

/** What a daemon is told. */
export type Told =
  | { is: 'started' | 'ended'; turn: Turn }
  | { is: 'asked' | 'answered'; asked: Asked }

type Beginning = {
  message?: string
  ms: number
  outcome?: Turn['outcome']
  /** A person is asked after so many ms, for so many. */
  asks?: { after: number; for: number }
}

/** Codex, and who works in it. */
export type Codex = {
  readonly turns: readonly Turn[]
  readonly asks: readonly Asked[]
  /** When a message came; none comes twice. */
  readonly messages: ReadonlyMap<string, number>
  active(lane: string): Turn | null
  /** Begins a turn; null where one runs. */
  begin(lane: string, beginning: Beginning): Turn | null
  /** Context without a turn. */
  brief(message: string): void
}

/** Makes it; `tell` is called as things happen. */
export const makeCodex = (time: Time, tell: (told: Told) => void): Codex => {
  const turns: Turn[] = []
  const asks: Asked[] = []
  const running = new Map<string, Turn>()
  const messages = new Map<string, number>()

  const take = (message: string): void => {
    if (messages.has(message)) throw new Error(`message ${message} came twice`)
    messages.set(message, time.now())
  }

  const ask = (turn: Turn, ms: number): void => {
    const asked: Asked = { id: `q${asks.length}`, turn, from: time.now(), to: null }
    asks.push(asked)
    tell({ is: 'asked', asked })
    time.at(time.now() + ms, () => {
      asked.to = time.now()
      tell({ is: 'answered', asked })
    })
  }

  return {
    turns,
    asks,
    messages,
    active: (lane) => running.get(lane) ?? null,
    begin: (lane, { message, ms, outcome = 'completed', asks: asking }) => {
      if (running.has(lane)) return null
      if (message !== undefined) take(message)
      const id = `turn-${String(turns.length).padStart(6, '0')}`
      const start = time.now()
      const turn: Turn = { id, lane, start, end: null, outcome, message: message ?? null }
      turns.push(turn)
      running.set(lane, turn)
      tell({ is: 'started', turn })
      if (asking) time.at(start + asking.after, () => ask(turn, asking.for))
      time.at(start + ms, () => {
        turn.end = time.now()
        running.delete(lane)
        tell({ is: 'ended', turn })
      })
      return turn
    },
    brief: take,
  }
}
