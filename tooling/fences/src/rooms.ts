// The rooms of the daemon and what each may import. A room is a folder of apps/daemon/src. `events`,
// `log` and `clock` are open to all. Of any other room only types are, and what its name tells to be a
// pure function (`rowToReceipt`, `isRefusal`, `turnOf`): a service is handed in, never fetched. The files
// beside the rooms are open too, but for those that compose everything: compose.ts and its folder.

const root = '/apps/daemon/src/'
const open = new Set(['events', 'log', 'clock'])
const composing =
  /\/apps\/daemon\/src\/(?:(?:compose|run|local|main|index)\.ts|compose\/[^/]+\.ts)$/
const pure = /^(?:is[A-Z]\w*|[a-z]\w*To[A-Z]\w*|[a-z]\w*Of)$/
const translation = /\/apps\/daemon\/src\/codex\/translate[^/]*\.ts$/

/** The room of a file: null outside the daemon, '' for the files beside the rooms. */
const roomOf = (file: string): string | null => {
  const at = file.indexOf(root)
  if (at < 0) return null
  const inside = file.slice(at + root.length)
  const slash = inside.indexOf('/')
  return slash < 0 ? '' : inside.slice(0, slash)
}

/** One import of a file, both by absolute path, and the values that it takes; null: all of them. */
export type Crossing = { file: string; target: string; values: readonly string[] | null }

/** Why a file may not import another, or null where it may. */
export const roomViolation = ({ file, target, values }: Crossing): string | null => {
  const from = roomOf(file)
  const to = roomOf(target)
  if (from === null || to === null || from === to || composing.test(file)) return null
  if (composing.test(target)) return 'Nothing imports what composes: only a bin starts it.'
  if (to === '' || open.has(to) || values?.every((name) => pure.test(name))) return null
  return `Of the room ${to} only types and pure functions (xToY, isX, xOf) may be imported here: take its service as an argument.`
}

/** Whether a file may speak Codex's vocabulary and the contract's at once. */
export const mayTranslate = (file: string): boolean => translation.test(file)

/** Whether a file is the daemon's own. */
export const isDaemonFile = (file: string): boolean => roomOf(file) !== null
