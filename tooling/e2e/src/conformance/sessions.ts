// The usage guide: sessions of others, attached lanes.
import type { Entry, Part } from './entry.ts'

const discovery: readonly Entry[] = [
  {
    line: 'dispatch list --unmanaged --limit 20',
    promise: 'shows the sessions of this machine that are no lanes, and changes nothing',
    proof: 'the session is shown',
    keeps: { '<id-from-list-unmanaged>': 'sessions.0.id' },
  },
  {
    line: 'dispatch attach <id-from-list-unmanaged>',
    promise: 'makes one a lane, by its metadata alone',
    gives: {
      id: '<id-from-list-unmanaged>',
      source: 'attached',
      sync: { state: 'metadata' },
    },
    proof: 'nothing was asked of the model',
  },
  {
    line: 'dispatch attach <id-from-list-unmanaged> --sync',
    promise: 'again is the same lane, with what its file says',
    gives: {
      id: '<id-from-list-unmanaged>',
      source: 'attached',
      sync: { transcriptPartial: false },
    },
  },
]

const refusals: readonly Entry[] = [
  ['dispatch send <ref> "No."', 'a message'],
  ['dispatch send <ref> "No." --steer', 'steering'],
  ['dispatch send <ref> "No." --queue', 'queueing'],
  ['dispatch send <ref> "No." --interject', 'interjecting'],
  ['dispatch send <ref> "No." --context', 'context'],
  ['dispatch stop <ref>', 'stopping'],
  ['dispatch goal set <ref> "No."', 'a goal'],
  ['dispatch goal clear <ref> --yes', 'clearing a goal'],
].map(([line = '', what = '']): Entry => ({
  beside: true,
  line: line.replace('<ref>', '<dispatch-ref-or-thread-id>'),
  promise: `nobody's turns are written: ${what}`,
  refuses: 'authority',
}))

const attached: readonly Entry[] = [
  {
    given: { session: '<codex-thread-id>' },
    line: 'dispatch attach <codex-thread-id>',
    promise: 'takes the id of a thread',
    gives: { id: '<codex-thread-id>', source: 'attached', sync: { state: 'metadata' } },
    keeps: { '<dispatch-ref-or-thread-id>': 'ref' },
  },
  {
    line: 'dispatch sync <dispatch-ref-or-thread-id>',
    promise: 'reads the file of the thread and loads nothing',
    gives: { id: '<codex-thread-id>', source: 'attached', sync: { preview: 'reply: For later.' } },
    proof: 'nothing was asked of the model',
  },
  {
    line: 'dispatch sync <dispatch-ref-or-thread-id>',
    promise: 'again is no more than what is new',
    gives: { source: 'attached', bytesRead: 0 },
  },
  {
    line: 'dispatch sync <dispatch-ref-or-thread-id> --full',
    promise: 'reads all of it',
    gives: { source: 'attached', sync: { state: 'complete', transcriptPartial: false } },
  },
  {
    line: 'dispatch get <dispatch-ref-or-thread-id>',
    promise: 'shows what is known, and that it is not for writing',
    gives: { id: '<codex-thread-id>', writable: false, sync: { state: 'complete' } },
  },
  { line: 'dispatch list', promise: 'shows attached lanes too', proof: 'it is listed' },
  ...refusals,
  {
    beside: true,
    line: 'dispatch goal status <dispatch-ref-or-thread-id>',
    promise: 'reading is allowed: a goal',
    gives: { goal: null },
  },
  {
    beside: true,
    line: 'dispatch tail <dispatch-ref-or-thread-id>',
    promise: 'reading is allowed: the history',
    gives: { source: 'attached' },
  },
  {
    beside: true,
    line: 'dispatch rename <dispatch-ref-or-thread-id> theirs',
    promise: 'so are actions on the thread: its name',
    gives: { handle: '@theirs' },
  },
  {
    beside: true,
    line: 'dispatch archive @theirs --yes',
    promise: 'putting it away',
    gives: { status: 'archived' },
  },
  {
    beside: true,
    line: 'dispatch restore <dispatch-ref-or-thread-id>',
    promise: 'and back',
    gives: { handle: '@theirs', source: 'attached' },
    proof: 'nothing was asked of the model',
  },
  {
    beside: true,
    line: 'dispatch attach 01a08340-5251-7d23-87b0-50f6e1911115',
    promise: 'what cannot be read is not registered',
    refuses: 'not_found',
  },
  {
    beside: true,
    line: 'dispatch attach <codex-thread-id>',
    promise: 'an App Server that does not answer is an error within 10 s, and no half a lane',
    tested: {
      file: 'apps/daemon/test/sessions-faults.test.ts',
      title: 'gives up after ten seconds and registers nothing',
    },
  },
]

export const sessions: readonly Part[] = [
  { title: 'usage: sessions of others', commands: 3, entries: discovery },
  { title: 'usage: attached lanes', commands: 6, entries: attached },
]
