// Statements whose columns depend on what a patch has: one for each set of columns, kept.
import type { Bindings, Statement } from './connection.ts'

type Columns = Record<string, string | number | null>

/** Runs the statement for the columns of a patch; `build` makes it once for each set of them. */
export const makePatch = <Row>(
  build: (columns: readonly string[]) => Statement<Bindings, Row>,
): ((columns: Columns, key: Bindings) => number) => {
  const statements = new Map<string, Statement<Bindings, Row>>()
  return (columns, key) => {
    const names = Object.keys(columns)
    const id = names.join()
    let statement = statements.get(id)
    if (statement === undefined) {
      statement = build(names)
      statements.set(id, statement)
    }
    return statement.run({ ...columns, ...key })
  }
}
