// The bounds that inputs keep, in one place: zod checks them, errors name them, surfaces check early.

/** Upper bounds of inputs; characters are counted as Codex counts them, in code points. */
export const bounds = {
  /** Characters of one message: Codex's own limit. */
  message: 1_048_576,
  /** Messages that wait in one lane's queue. */
  queueMessages: 500,
  /** Characters of all messages that wait in one lane's queue. */
  queueCharacters: 4_194_304,
  /** Lanes that one message goes to. */
  messageLanes: 100,
  /** Characters of a goal's objective: Codex's own limit. */
  goal: 4_000,
  /** Tokens of a goal's budget. */
  tokenBudget: 1_000_000_000_000,
  /** Characters of a name. */
  name: 200,
  /** Characters of an idempotency key. */
  idempotencyKey: 200,
  /** Characters of a trigger's text. */
  triggerText: 65_536,
  /** Bytes of one instruction text or file. */
  instructions: 1_048_576,
  /** Bytes of an output schema as JSON. */
  outputSchema: 262_144,
  /** Characters of a name's prefix. */
  prefix: 200,
  /** Bytes of one configuration file. */
  configFile: 1_048_576,
  /** Bytes of one line on the control socket, either way. */
  wireLine: 8 * 1024 * 1024,
  /** Calls in flight on one connection. */
  callsInFlight: 128,
  /** Rows of one page. */
  page: 1_000,
} as const
