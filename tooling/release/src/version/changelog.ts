// The sections of the changelog: newest first, one a version, made from the notes of its changes.

/** A change that users meet, and how far it raises the version. */
export type Note = { raises: 'major' | 'minor' | 'patch'; summary: string }

const headings = { major: 'Breaking', minor: 'Added and changed', patch: 'Fixed' } as const

const noteToItem = ({ summary }: Note): string => `- ${summary.trim().replaceAll('\n', '\n  ')}`

/** The section of a version, its heading first; notes of one kind keep their order. */
export const notesToSection = (version: string, date: string, notes: readonly Note[]): string =>
  [
    `## [${version}] - ${date}`,
    ...(['major', 'minor', 'patch'] as const).flatMap((raises) => {
      const items = notes.filter((note) => note.raises === raises).map(noteToItem)
      return items.length === 0 ? [] : [`### ${headings[raises]}`, items.join('\n')]
    }),
  ].join('\n\n')

/** The changelog with a section above all others. */
export const addSection = (changelog: string, section: string): string => {
  const first = changelog.search(/^## /m)
  if (first === -1) return `${changelog.trimEnd()}\n\n${section}\n`
  return `${changelog.slice(0, first)}${section}\n\n${changelog.slice(first)}`
}

/** What the changelog says of a version, without its heading; null where it says nothing. */
export const sectionOf = (changelog: string, version: string): string | null => {
  const [, ...sections] = changelog.split(/^## /m)
  const found = sections.find((section) => section.startsWith(`[${version}]`))
  return found === undefined ? null : found.slice(found.indexOf('\n')).trim()
}
