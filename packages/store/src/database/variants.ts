// Statements that come in a few shapes: one for each shape, made at its first use and kept.

/** Looks up the statement of a shape. */
export const makeVariants = <Shape extends Record<string, boolean>, Made>(
  build: (shape: Shape) => Made,
): ((shape: Shape) => Made) => {
  const known = new Map<string, Made>()
  return (shape) => {
    const id = Object.values(shape).map(Number).join('')
    let made = known.get(id)
    if (made === undefined) {
      made = build(shape)
      known.set(id, made)
    }
    return made
  }
}
