// Lets one through in each round of the event loop, in the order of asking: what a hundred lanes or
// triggers do at the same moment then leaves room for whoever asks the daemon something meanwhile. For
// steps that reach the disk or take a millisecond; one for the whole daemon.

/** Resolves when it is one's turn. */
export type Turnstile = () => Promise<void>

/** Makes one. */
export const makeTurnstile = (): Turnstile => {
  let last = Promise.resolve()
  return () => {
    last = last.then(() => new Promise<void>((resolve) => void setImmediate(resolve)))
    return last
  }
}
