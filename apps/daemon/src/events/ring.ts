// The newest values of a numbered row, in a fixed number of places.

/** Numbered values; holds `first` to `last`, none when `first` is beyond `last`. */
export type Ring<T> = {
  first(): number
  last(): number
  /** The value of that number; only between first and last. */
  at(number: number): T
  /** Numbers ascend; one that does not follow the last empties the ring first. */
  push(number: number, value: T): void
}

/** A ring that goes on after the number `last`. */
export const makeRing = <T>(capacity: number, last: number): Ring<T> => {
  const places: T[] = []
  let newest = last
  let oldest = last + 1
  return {
    first: () => oldest,
    last: () => newest,
    at: (number) => places[number % capacity] as T,
    push: (number, value) => {
      if (number !== newest + 1) oldest = number
      newest = number
      oldest = Math.max(oldest, number - capacity + 1)
      places[number % capacity] = value
    },
  }
}
