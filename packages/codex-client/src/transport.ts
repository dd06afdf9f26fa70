// What the peer needs of a connection: whole text messages both ways and one end. It knows nothing
// of JSON-RPC. Implemented over a WebSocket and over a pair of streams.

/** How a connection ended: `closed` by our side, `lost` by anything else. */
export interface TransportEnd {
  readonly kind: 'closed' | 'lost'
  readonly detail: string
  readonly cause?: unknown
}

export interface TransportHandlers {
  /** One whole message. Called synchronously, in arrival order, never after `onEnd`. */
  onMessage(text: string): void
  /** Called exactly once, last. */
  onEnd(end: TransportEnd): void
}

/** Disposing closes the connection and waits until it is gone; it is safe to do so twice. */
export interface Transport extends AsyncDisposable {
  /**
   * Begins delivery. Called once; nothing that arrived earlier is lost, and no message is handed
   * over before this returns. An end that came earlier is.
   */
  start(handlers: TransportHandlers): void
  /** Hands one message over in full, or throws and sends nothing of it. */
  send(text: string): void
}
