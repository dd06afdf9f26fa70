// The tests that the rows of a page name: of the predecessor's defects, of what is promised. Pure.

/** A row of its table. */
export type TestedRow = { number: number; held: string; tests: NamedTest[] }

/** A test: its file, from the root of the workspace, and its title. */
export type NamedTest = { file: string; title: string }

// A link is followed by the titles of that file, each in quotation marks of its own.
const named = /\]\(\.\.\/([^)]+)\)|“([^”]+)”/g

const testsOf = (cell: string): NamedTest[] => {
  let file = ''
  return [...cell.matchAll(named)].flatMap(([, link, title]) => {
    if (link !== undefined) file = link
    return title === undefined ? [] : [{ file, title }]
  })
}

/** The rows of the table, with the tests that each names. */
export const rowsOf = (text: string): TestedRow[] =>
  [...text.matchAll(/^\| (\d+) +\|.*\| ([^|]+?) +\|$/gm)].map(([, number, held = '']) => ({
    number: Number(number),
    held,
    tests: testsOf(held),
  }))

/** Whether a source has a test, or an entry of a list of tests, of that title. */
export const hasTitle = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((mark) => source.includes(mark + title + mark))
