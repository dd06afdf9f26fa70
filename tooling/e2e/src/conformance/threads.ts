// The usage guide: history, watching, goals; what is done to threads, and search.
import type { Entry, Part } from './entry.ts'

const history: readonly Entry[] = [
  {
    line: 'dispatch get <dispatch-ref>',
    promise: 'shows what became of the latest turn',
    gives: { ref: '<dispatch-ref>', latestTurn: { status: 'interrupted' }, activeTurn: null },
  },
  {
    line: 'dispatch tail <dispatch-ref> --limit 50',
    promise: 'shows what was said',
    proof: 'the history has the message',
  },
  {
    given: { streamOf: '<dispatch-ref>' },
    line: 'dispatch watch <dispatch-ref> --limit 20 --timeout 10',
    promise: 'gives raw events of the App Server until there are 20',
    gives: { lanes: [{ ref: '<dispatch-ref>' }], timedOut: false },
    proof: 'raw events',
  },
  {
    beside: true,
    line: 'dispatch watch @docs --limit 20 --timeout 0.2',
    promise: 'or until the time is up',
    gives: { events: [], timedOut: true },
  },
]

const goals: readonly Entry[] = [
  {
    line: 'dispatch goal status @docs-review',
    promise: 'shows the goal and what it has used',
    gives: { goal: { objective: 'Review until no P2 findings remain.', status: 'complete' } },
  },
  {
    line: 'dispatch goal set @docs-review "Review until no P2 findings remain."',
    promise: 'sets it anew',
    gives: { goal: { objective: 'Review until no P2 findings remain.' } },
  },
  {
    line: 'dispatch goal clear @docs-review',
    keys: 'y\r',
    promise: 'asks on a terminal, and takes the goal away',
  },
  {
    beside: true,
    line: 'dispatch goal status @docs-review',
    promise: 'then there is none',
    gives: { goal: null },
  },
  {
    beside: true,
    line: 'dispatch goal set @docs-review --token-budget 1000',
    promise: 'a first goal needs to say what for',
    refuses: 'validation',
  },
  {
    beside: true,
    line: 'dispatch goal set @docs-review "Find the gaps." --status paused',
    promise: 'it may be set without being worked on',
    gives: { goal: { objective: 'Find the gaps.', status: 'paused' } },
  },
  {
    beside: true,
    line: 'dispatch goal set @docs-review --token-budget 1000',
    promise: 'a goal that is there can be changed in part',
    gives: { goal: { objective: 'Find the gaps.', status: 'paused', tokenBudget: 1000 } },
  },
  {
    beside: true,
    line: 'dispatch goal clear @docs-review',
    promise: 'off a terminal nothing is destroyed without a word',
    refuses: 'usage',
  },
  {
    beside: true,
    line: 'dispatch goal clear @docs-review --yes --json',
    promise: 'that word is --yes',
    gives: { goal: null },
  },
]

const actions: readonly Entry[] = [
  {
    line: 'dispatch rename <dispatch-ref> docs-review-final',
    promise: 'changes name, handle and title',
    gives: { ref: '<dispatch-ref>', handle: '@docs-review-final' },
    keeps: { '<codex-thread-id>': 'id' },
  },
  {
    line: 'dispatch archive <dispatch-ref>',
    keys: 'y\r',
    promise: 'asks on a terminal, and puts the lane away',
    proof: 'it is not listed',
  },
  {
    line: 'dispatch restore <codex-thread-id>',
    promise: 'brings it back and starts no turn',
    gives: { ref: '<dispatch-ref>', handle: '@docs-review-final' },
    proof: 'nothing was asked of the model',
  },
  {
    beside: true,
    line: 'dispatch archive @docs-review-final',
    promise: 'off a terminal it needs --yes',
    refuses: 'usage',
  },
  {
    beside: true,
    line: 'dispatch archive @docs-review-final --no-interactive',
    promise: 'and where nothing is to be asked',
    refuses: 'usage',
  },
  {
    beside: true,
    line: 'dispatch archive @docs-review-final --yes --json',
    promise: 'with it, scripts do',
    gives: { ref: '<dispatch-ref>', status: 'archived' },
  },
  {
    beside: true,
    line: 'dispatch restore <dispatch-ref>',
    promise: 'a ref is kept for life',
    gives: { ref: '<dispatch-ref>' },
  },
]

const search: readonly Entry[] = [
  {
    given: { saidBy: '<dispatch-ref>', says: 'reply: No schema drift to be seen.' },
    line: 'dispatch search "schema drift"',
    promise: 'finds what was said in every thread, managed or not',
    proof: 'both are found',
  },
  {
    line: 'dispatch search "schema drift" --managed',
    promise: 'only in lanes',
    proof: 'the lane is found',
  },
  {
    line: 'dispatch search "schema drift" --unmanaged',
    promise: 'only elsewhere',
    proof: 'the other one is found',
  },
  {
    line: 'dispatch search "schema drift" --thread <dispatch-ref>',
    promise: 'only in that thread',
    proof: 'the lane is found',
  },
  {
    line: 'dispatch search "schema drift" --repo .',
    promise: 'only in the repository that one stands in',
    proof: 'the lane is found',
  },
  {
    line: 'dispatch search "schema drift" --dir /path/to/project',
    promise: 'only below that directory',
    proof: 'the other one is found',
  },
  {
    line: 'dispatch search "schema drift" --since 2026-06-01 --until 2026-06-05',
    promise: 'only of these days, by the last change',
    proof: 'what is found lies between the days',
  },
  {
    beside: true,
    line: 'dispatch search "schema drift" --since 2020-01-01T00:00:00Z --date-field created_at',
    promise: 'times are taken too, and the day of making',
    proof: 'both are found',
  },
  {
    beside: true,
    line: 'dispatch rename <session-id> "somebody else\'s notes"',
    promise: 'a thread that is no lane is renamed by its id',
    gives: { id: '<session-id>', managed: false },
  },
  {
    beside: true,
    line: 'dispatch archive <session-id> --yes',
    promise: 'is archived',
    gives: { id: '<session-id>', managed: false },
  },
  {
    beside: true,
    line: 'dispatch restore <session-id>',
    promise: 'and restored',
    gives: { id: '<session-id>', managed: false },
    proof: 'nothing was asked of the model',
  },
]

export const threads: readonly Part[] = [
  { title: 'usage: history and watching', commands: 3, entries: history },
  { title: 'usage: goals', commands: 3, entries: goals },
  { title: 'usage: actions on threads', commands: 3, entries: actions },
  { title: 'usage: search', commands: 7, entries: search },
]
