/**
 * Named gates at which an answer waits until a test opens them: waiting on an event in the place
 * of a sleep. A gate that is open stays open until it is shut.
 */
export interface Gates {
  open(name: string): void
  shut(name: string): void
  /** Resolves when an answer stands at the gate (at once if one does). */
  arrival(name: string): Promise<void>
  /** Waits at the gate; rejects with the signal's reason. */
  pass(name: string, signal: AbortSignal): Promise<void>
}

interface Gate {
  isOpen: boolean
  waiting: Set<() => void>
  arrivals: Set<() => void>
}

export function makeGates(): Gates {
  const gates = new Map<string, Gate>()
  const gateOf = (name: string) => {
    const known = gates.get(name)
    if (known) return known
    const gate: Gate = { isOpen: false, waiting: new Set(), arrivals: new Set() }
    gates.set(name, gate)
    return gate
  }
  return {
    open(name) {
      const gate = gateOf(name)
      gate.isOpen = true
      for (const go of gate.waiting) go()
    },
    shut(name) {
      gateOf(name).isOpen = false
    },
    arrival(name) {
      const gate = gateOf(name)
      if (gate.waiting.size > 0) return Promise.resolve()
      return new Promise((resolve) => gate.arrivals.add(resolve))
    },
    async pass(name, signal) {
      const gate = gateOf(name)
      signal.throwIfAborted()
      const open = Promise.withResolvers<void>()
      const stop = () => open.reject(signal.reason)
      if (gate.isOpen) open.resolve()
      gate.waiting.add(open.resolve)
      signal.addEventListener('abort', stop, { once: true })
      for (const arrived of gate.arrivals) arrived()
      gate.arrivals.clear()
      try {
        await open.promise
      } finally {
        gate.waiting.delete(open.resolve)
        signal.removeEventListener('abort', stop)
      }
    },
  }
}
