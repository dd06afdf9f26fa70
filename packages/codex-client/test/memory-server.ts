// A transport whose other end is the test: what was sent stands in `sent`, and the test says what
// the server says. Delivery is synchronous, so that order is exact.
import { CodexClosedError } from '../src/errors.ts'
import type { Transport, TransportEnd, TransportHandlers } from '../src/transport.ts'

export interface Sent {
  id?: number | string
  method?: string
  params?: unknown
  result?: unknown
  error?: { code: number; message: string }
}

export function makeMemoryServer(onSent: (message: Sent) => void = () => undefined) {
  const sent: Sent[] = []
  let handlers: TransportHandlers | undefined
  let end: TransportEnd | undefined

  const finish = (reason: TransportEnd): void => {
    if (end !== undefined) return
    end = reason
    handlers?.onEnd(reason)
  }

  const transport: Transport = {
    start(given) {
      handlers = given
    },
    send(text) {
      if (end !== undefined) throw new CodexClosedError(end)
      const message = JSON.parse(text) as Sent
      sent.push(message)
      onSent(message)
    },
    async [Symbol.asyncDispose]() {
      finish({ kind: 'closed', detail: 'by this client' })
    },
  }

  const sayText = (text: string): void => handlers?.onMessage(text)
  return {
    transport,
    sent,
    sayText,
    say: (message: unknown) => sayText(JSON.stringify(message)),
    lose: (detail = 'gone') => finish({ kind: 'lost', detail }),
  }
}
