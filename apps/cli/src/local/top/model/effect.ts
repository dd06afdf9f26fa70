// What a key makes happen outside of the state. Carried out by ../live/effects.ts.

/** How a message meets its lane. */
export const sendModes = ['send', 'queue', 'steer', 'interject', 'context'] as const
export type SendMode = (typeof sendModes)[number]

/** Something to do. */
export type Effect =
  | { do: 'leave' }
  /** Stop the program as Ctrl-Z does, until it is continued. */
  | { do: 'suspend' }
  /** Draw the screen anew: something else has written to it. */
  | { do: 'redraw' }
  /** Hand the terminal to Codex's own UI on that lane. */
  | { do: 'codex'; laneId: string }
  /** Follow that lane, and no other; null for none. */
  | { do: 'follow'; laneId: string | null }
  | { do: 'send'; laneId: string; handle: string; text: string; mode: SendMode }
  | { do: 'stop'; laneId: string; handle: string }
  | { do: 'approve'; id: string; forSession: boolean }
  | { do: 'deny'; id: string; cancelTurn: boolean }
  | { do: 'respond'; id: string; answer: Record<string, unknown> }
  | { do: 'cancel'; id: string }
  | { do: 'hold'; laneId: string; handle: string; hold: boolean }
  | { do: 'pause'; triggerId: string; name: string; pause: boolean }
  | { do: 'fire'; triggerId: string; name: string }
