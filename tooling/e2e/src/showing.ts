// What a program shows, told to whoever waits for it to show something: looked at anew with each change, and
// for the last time when it has ended.

/** What is shown. */
export type Showing = {
  /** It may show another thing now. */
  changed(): void
  /** It shows nothing new any more. */
  end(): void
  readonly isOver: boolean
  /** Resolves with what is shown when it fits; throws what `why` makes of it when it ends without. */
  until(fits: (shown: string) => boolean, why: (shown: string) => string): Promise<string>
}

/** Makes it of what is shown now. */
export const makeShowing = (shown: () => string): Showing => {
  const waiters = new Set<() => void>()
  let over = false
  const changed = (): void => {
    for (const look of [...waiters]) look()
  }
  return {
    changed,
    end: () => {
      over = true
      changed()
    },
    get isOver() {
      return over
    },
    until: (fits, why) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const now = shown()
          const found = fits(now)
          if (!found && !over) return
          waiters.delete(look)
          if (found) resolve(now)
          else reject(new Error(why(now)))
        }
        waiters.add(look)
        look()
      }),
  }
}
