// The usage guide: making lanes, presets and models, and the ways to give a message.
import type { Entry, Part } from './entry.ts'

const making: readonly Entry[] = [
  {
    line: `dispatch new \\
      --name docs-review \\
      --cwd /path/to/dispatch \\
      --goal "Review until no P2 findings remain." \\
      --text "Review the README for missing usage steps."`,
    promise: 'a goal is native, set before the message is sent, and worked on',
    gives: { handle: '@docs-review', messageAccepted: true, goalSet: true },
    proof: 'the goal is worked on after the message',
  },
  {
    line: 'dispatch new --name docs-review --preset reviewer --no-send',
    promise: 'takes the configuration of the repository, and starts no turn',
    gives: {
      handle: '@docs-review-2',
      title: '[dispatch] docs-review',
      messageAccepted: false,
      latestTurn: null,
      effective: { sandbox: 'read-only', approvalPolicy: 'never', effort: 'high' },
    },
    keeps: { '<preset-ref>': 'ref' },
    proof: 'nothing was asked of the model',
  },
  {
    beside: true,
    line: 'dispatch get <preset-ref>',
    promise: 'a preset wins over the defaults, its instructions file too',
    gives: {
      settings: {
        sandbox: 'read-only',
        approvalPolicy: 'never',
        effort: 'high',
        developerInstructions: 'Be strict.\n',
      },
    },
  },
  {
    line: 'dispatch new --name docs-review --cwd /path/to/dispatch --no-send',
    promise: 'makes the lane alone',
    gives: { handle: '@docs-review-3', messageAccepted: false, latestTurn: null },
    keeps: { '<dispatch-ref>': 'ref' },
    proof: 'nothing was asked of the model',
  },
  { line: 'dispatch list', promise: 'shows the lane', proof: 'it is listed' },
  {
    line: 'dispatch send <dispatch-ref> "Review the README for missing usage steps."',
    promise: 'gives it its message later',
    gives: { ref: '<dispatch-ref>', delivery: { state: 'accepted', mode: 'send' } },
    proof: 'the turn ends well',
  },
  {
    beside: true,
    line: 'dispatch new --name sent --text "What is left?"',
    promise: 'what nobody sets is not sent: Codex decides on model and tier',
    gives: { messageAccepted: true, effective: { serviceTier: null } },
    proof: 'the model was asked as Codex is configured',
  },
  {
    beside: true,
    line: 'dispatch new --name order --preset reviewer --preset fast --no-send',
    promise: 'later presets win',
    keeps: { '<order-ref>': 'ref' },
    gives: { effective: { effort: 'low', serviceTier: 'priority' } },
  },
  {
    beside: true,
    line: 'dispatch new --name order --preset fast --preset reviewer --no-send',
    promise: 'in the order in which they are given',
    gives: { effective: { effort: 'high', serviceTier: 'priority' } },
  },
  {
    beside: true,
    line: 'dispatch new --name order --preset reviewer --effort medium --prefix "" --no-send',
    promise: 'flags win over presets',
    gives: { title: 'order', effective: { effort: 'medium' } },
  },
  {
    beside: true,
    line: 'dispatch new --name builder --preset builder --no-send',
    promise: 'a preset may widen the sandbox to the workspace',
    gives: { effective: { sandbox: 'workspace-write', approvalPolicy: 'on-request' } },
  },
  {
    beside: true,
    line: 'dispatch new --name quick --preset fast --text "Is it quick?"',
    promise: 'the word fast is sent as the tier of that name',
    gives: { messageAccepted: true, effective: { serviceTier: 'priority' } },
    proof: 'the model was asked in the fast tier',
  },
  {
    beside: true,
    line: 'dispatch new --name refused --service-tier turbo --text "Is it quicker?"',
    promise:
      'a tier that is not there fails before a thread is made, and those there are, are named',
    refuses: 'validation',
    says: 'priority (Fast)',
    proof: 'no lane was made',
  },
  {
    beside: true,
    line: 'dispatch new --name refused --text "/goal finish the docs"',
    promise: 'a goal in the text is refused, so that nobody takes it for one',
    refuses: 'validation',
    proof: 'no lane was made',
  },
  {
    beside: true,
    line: 'dispatch new --name refused --goal "Finish the docs." --ephemeral',
    promise: 'goals need a thread that is kept',
    refuses: 'validation',
    proof: 'no lane was made',
  },
]

const models: readonly Entry[] = [
  {
    line: 'dispatch models',
    promise: 'asks Codex, and says what it is configured for',
    gives: {
      source: 'app-server',
      catalogState: 'live',
      configuredDefault: { model: null, serviceTier: null },
    },
  },
  {
    line: 'dispatch models --no-refresh',
    promise: 'answers with what was seen last',
    gives: { source: 'registry', catalogState: 'cached' },
  },
  {
    line: 'dispatch schema models',
    promise: 'prints its schemas',
    gives: { command: 'models' },
    proof: 'schemas of input and output',
  },
]

const messages: readonly Entry[] = [
  {
    line: 'dispatch send @docs-review "Context: attached lanes are not turn-writable in v0." --context',
    promise: 'adds what the model sees, and starts no turn',
    gives: { delivery: { mode: 'context', state: 'accepted' }, turn: null },
    proof: 'the model sees it with the next message',
  },
  {
    beside: true,
    line: 'dispatch send @docs-review "Focus on operator docs first." --steer',
    promise: 'there is nothing to steer where no turn runs',
    refuses: 'validation',
  },
  {
    given: { turnOf: '@docs-review' },
    line: 'dispatch send @docs-review "Focus on operator docs first." --steer',
    promise: 'goes into the turn that runs',
    gives: { delivery: { mode: 'steer', landed: 'steered' } },
    proof: 'it lands in the turn that runs',
  },
  {
    given: { turnOf: '@docs-review' },
    line: 'dispatch send @docs-review "Stop that and focus on operator docs first." --interject',
    promise: 'ends the turn and starts another with the message',
    gives: { delivery: { mode: 'interject', state: 'accepted' } },
    proof: 'the turn is cut and the message takes its place',
  },
  {
    given: { turnOf: '<dispatch-ref>' },
    line: 'dispatch stop <dispatch-ref>',
    promise: 'ends the turn',
    gives: { lanes: [{ ref: '<dispatch-ref>', stopped: true }] },
  },
  {
    given: { turnOf: '@docs-review' },
    line: 'dispatch send @docs-review "Run this after the active turn." --queue',
    promise: 'is kept until the lane is idle, then starts a turn',
    gives: { delivery: { mode: 'queue', state: 'queued' } },
    proof: 'it runs when the turn has ended',
  },
  {
    line: 'dispatch send @docs-review "Can you sanity-check this?" --intro',
    env: { CODEX_THREAD_ID: '<thread-id>' },
    promise: 'says who asks and how to answer, where the asking thread is a lane',
    gives: { delivery: { state: 'accepted' } },
    proof: 'the sender is named',
  },
  {
    beside: true,
    line: 'dispatch send @docs-review "Can you sanity-check this?" --intro',
    promise: 'and is refused where no thread asks',
    refuses: 'validation',
  },
]

export const lanes: readonly Part[] = [
  { title: 'usage: lanes', commands: 5, entries: making },
  { title: 'usage: models', commands: 3, entries: models },
  { title: 'usage: ways to send', commands: 6, entries: messages },
]
