// A Markdown table, its columns as wide as their widest cell: what the formatter makes of it.

const pad = (cell: string, width: number): string => cell.padEnd(width)

/** The lines of a table. */
export const tableLines = (head: readonly string[], rows: readonly (readonly string[])[]) => {
  const widths = head.map((_, at) =>
    Math.max(3, ...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => pad(row[at] ?? '', width)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)]
}
