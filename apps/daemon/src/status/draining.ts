// Whether the daemon takes no new messages because it waits for its turns to end before it leaves.

/** The daemon's one state of draining. */
export type Draining = {
  isOn(): boolean
  /** Goes on until each that began it has ended it. */
  begin(): Disposable
}

/** Makes the state. `ended`: it is off again, so what waited may start. */
export const makeDraining = (ended: () => void): Draining => {
  const begun = new Set<object>()
  return {
    isOn: () => begun.size > 0,
    begin: () => {
      const one = {}
      begun.add(one)
      return {
        [Symbol.dispose]: () => {
          if (begun.delete(one) && begun.size === 0) ended()
        },
      }
    },
  }
}
